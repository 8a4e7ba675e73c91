import type { PageMessage, PageState } from "../../workspace/page-api.ts";
import type { Given } from "../blocks/raw.ts";
import { record, str, textOf } from "../text/json.ts";

/** What the workspace refused, in words for the reader. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** Longest wait for an answer: an upload of 25 MB on the same machine is far below. */
const timeoutMs = 30_000;

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    throw new Refused("The workspace does not answer. Is npm start still running?", { cause });
  }
  const body = await response.text();
  let data: unknown = null;
  try {
    data = body === "" ? null : JSON.parse(body);
  } catch {
    data = null;
  }
  const said = record(data);
  if (!response.ok || said["ok"] === false) {
    const reason = str(said, "message") || textOf(said, "error") || textOf(record(said["error"]), "message");
    throw new Refused(reason || plainBody(body) || `The workspace answered ${response.status}.`);
  }
  return data;
}

/** A short text answer is a reason; a page of HTML is not. */
const plainBody = (body: string): string => (body.length < 300 && !body.includes("<") ? body.trim() : "");

const post = (path: string, body: unknown) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const as = (me: string) => `as=${encodeURIComponent(me)}`;

export interface Outgoing {
  channel: string;
  threadTs: string | null;
  text: string;
  files: readonly File[];
}

/** A press or a choice on an element of a block. */
export interface Press {
  /** Where the element stands: in a message, or in a view (`home`, or a modal's id). */
  channel?: string;
  message_ts?: string;
  view_id?: string;
  block_id: string;
  action_id: string;
  value?: string;
  /** The option as the bot sent it; for an element with several, the list of them. */
  selected_option?: unknown;
  /** What stands in the inputs of the same message or view. */
  values?: Given;
}

/** The calls of the contract in `workspace/page-api.ts`, as one person. Each throws {@link Refused}. */
export const api = (me: string) => ({
  state: async () => (await ask(`/local/state?${as(me)}`)) as PageState,
  messages: async (channel: string) =>
    ((await ask(`/local/channels/${channel}/messages?${as(me)}`)) as { messages: PageMessage[] }).messages,
  thread: async (channel: string, ts: string) =>
    ((await ask(`/local/channels/${channel}/threads/${ts}?${as(me)}`)) as { messages: PageMessage[] }).messages,
  home: async () => ((await ask(`/local/home?${as(me)}`)) as { blocks: unknown[] | null }).blocks,
  send: async (out: Outgoing): Promise<string> => {
    const form = new FormData();
    form.set("as", me);
    form.set("channel", out.channel);
    if (out.threadTs !== null) form.set("thread_ts", out.threadTs);
    form.set("text", out.text);
    for (const file of out.files) form.append("file", file, file.name);
    return str(record(await ask("/local/messages", { method: "POST", body: form })), "ts");
  },
  edit: (channel: string, ts: string, text: string) => post("/local/messages/edit", { as: me, channel, ts, text }),
  remove: (channel: string, ts: string) => post("/local/messages/delete", { as: me, channel, ts }),
  press: (press: Press) => post("/local/actions", { as: me, ...press }),
  /** What is wrong with the fields, by block id; none when the view was taken. */
  submitView: async (viewId: string, values: Given): Promise<Record<string, string>> => {
    const said = record(await post("/local/views/submit", { as: me, view_id: viewId, values }));
    return Object.fromEntries(Object.entries(record(said["errors"])).map(([id, why]) => [id, String(why)]));
  },
  closeView: (viewId: string, all: boolean) => post("/local/views/close", { as: me, view_id: viewId, all }),
  shortcut: (callbackId: string, message?: { channel: string; ts: string }) =>
    post("/local/shortcuts", {
      as: me,
      callback_id: callbackId,
      ...(message === undefined ? {} : { channel: message.channel, message_ts: message.ts }),
    }),
  react: (channel: string, ts: string, name: string, on: boolean) =>
    post("/local/reactions", { as: me, channel, ts, name, on }),
  /** Gives the trigger under which the details will come. */
  openEntity: async (channel: string, ts: string, url: string): Promise<string> =>
    str(record(await post("/local/entities", { as: me, channel, ts, url })), "triggerId"),
  rename: (channel: string, threadTs: string, title: string) =>
    post("/local/title", { as: me, channel, thread_ts: threadTs, title }),
  command: (channel: string, command: string, text: string) =>
    post("/local/commands", { as: me, channel, command, text }),
  read: (channel: string) => post("/local/read", { as: me, channel }),
  stop: (channel: string, threadTs: string) => post("/local/stop", { as: me, channel, thread_ts: threadTs }),
});

export type Api = ReturnType<typeof api>;
