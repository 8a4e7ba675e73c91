import { Hono } from "hono";
import { z } from "zod";
import { readBody, readForm } from "./body.ts";
import { parseJson } from "./json.ts";
import { bounds } from "./limits.ts";
import { isSafeInline } from "./media-type.ts";
import type { PageState } from "./page-api.ts";
import { pageChannels, pageMessage, pageStatus } from "./page-view.ts";
import { deleteMessage } from "./posting.ts";
import { pressElement, sendCommand } from "./interactions.ts";
import { people, team, type Channel } from "./seed.ts";
import { editTyped, openHome, pressStop, renameByPerson, sendTyped, type TypedFile } from "./typing.ts";
import { openEntity } from "./links.ts";
import { react } from "./reactions.ts";
import type { MessageRecord } from "./records.ts";
import { SlackError } from "./slack-error.ts";
import { useShortcut } from "./shortcuts.ts";
import type { Answered } from "./to-worker.ts";
import { closeView, pressInView, submitView } from "./view-actions.ts";
import { pageModal } from "./view-store.ts";
import { channelById, maySee, type World } from "./world.ts";

class Refusal extends Error {
  readonly status: 400 | 403 | 404 | 413;
  constructor(status: 400 | 403 | 404 | 413, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

const Edit = z.object({ as: z.string(), channel: z.string(), ts: z.string(), text: z.string().max(bounds.textChars) });
const Delete = Edit.omit({ text: true });
const Given = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string()).max(100), z.null()])));
const Action = z.object({
  as: z.string(),
  channel: z.string().default(""),
  message_ts: z.string().default(""),
  /** In place of a message: a modal, or `home`. */
  view_id: z.string().optional(),
  values: Given.default({}),
  block_id: z.string().default(""),
  action_id: z.string(),
  value: z.string().optional(),
  selected_option: z.unknown().optional(),
});
const Submit = z.object({ as: z.string(), view_id: z.string(), values: Given.default({}) });
const Close = z.object({ as: z.string(), view_id: z.string(), all: z.boolean().default(false) });
const Shortcut = z.object({
  as: z.string(),
  callback_id: z.string(),
  channel: z.string().optional(),
  message_ts: z.string().optional(),
});
const Reaction = z.object({ as: z.string(), channel: z.string(), ts: z.string(), name: z.string(), on: z.boolean() });
const OpenEntity = z.object({ as: z.string(), channel: z.string(), ts: z.string(), url: z.string() });
const Title = z.object({
  as: z.string(),
  channel: z.string(),
  thread_ts: z.string(),
  title: z.string().trim().min(1).max(200),
});
const Stop = z.object({ as: z.string(), channel: z.string(), thread_ts: z.string() });
const Read = z.object({ as: z.string(), channel: z.string() });
const Command = z.object({
  as: z.string(),
  channel: z.string(),
  command: z.string().regex(/^\/\S+$/),
  text: z.string(),
});

const told = (answered: Answered): Response =>
  answered.ok
    ? Response.json({ ok: true })
    : Response.json({ ok: false, error: answered.error }, { status: answered.status });

export interface PageOptions {
  world: World;
  features: () => PageState["features"];
}

/** `/local/*`: the page's own API, as page-api.ts says it. */
export function pageRoutes({ world, features }: PageOptions): Hono {
  const routes = new Hono();

  const person = (id: string | undefined): string => {
    if (people.some((one) => one.id === id && !one.bot)) return id ?? "";
    throw new Refusal(400, "Nobody of that name is here (as).");
  };
  const channelFor = (id: string, as: string): Channel => {
    const channel = channelById(world, id);
    if (channel === undefined || !maySee(channel, as)) throw new Refusal(404, "There is no such channel.");
    return channel;
  };
  const body = async <T>(request: Request, schema: z.ZodType<T>): Promise<T> => {
    const bytes = await readBody(request, bounds.bodyBytes);
    if (bytes === null) throw new Refusal(413, "That is too long.");
    const parsed = schema.safeParse(parseJson(new TextDecoder().decode(bytes)));
    if (parsed.success) return parsed.data;
    throw new Refusal(400, `The request is not as it should be: ${z.prettifyError(parsed.error)}`);
  };
  const ownMessage = (as: string, channel: Channel, ts: string) => {
    const message = world.messages.get(channel.id, ts);
    if (message === null) throw new Refusal(404, "That message is gone.");
    if (message.user !== as) throw new Refusal(403, "That message is somebody else's.");
    return message;
  };
  const anyMessage = (channel: Channel, ts: string): MessageRecord => {
    const message = world.messages.get(channel.id, ts);
    if (message === null) throw new Refusal(404, "That message is gone.");
    return message;
  };

  routes.onError((error, c) =>
    error instanceof Refusal
      ? c.json({ ok: false, error: error.message }, error.status)
      : c.json({ ok: false, error: `The local workspace failed: ${error.message}` }, 500),
  );

  routes.get("/local/state", (c) => {
    const as = person(c.req.query("as"));
    const visible = world.threads.sessions().filter((one) => maySee(channelById(world, one.channel), as));
    const state: PageState = {
      team: { id: team.id, name: team.name },
      people: [...people],
      channels: pageChannels(world, as),
      statuses: visible.map(pageStatus),
      features: features(),
      traceUrl: world.worker.traceUrl,
      away: world.worker.away,
      terminal: world.worker.terminalUrl !== null,
      modal: pageModal(world.threads.modals(as).at(-1)),
      commands: world.setup.commands,
      shortcuts: world.setup.shortcuts,
    };
    return c.json(state);
  });

  const seen = (as: string, channel: Channel): void => {
    const last = world.messages.topLevel(channel.id, 1)[0]?.ts;
    if (last === undefined || last <= world.threads.lastRead(as, channel.id)) return;
    world.threads.markRead(as, channel.id, last);
    world.channelsChanged();
  };

  routes.get("/local/channels/:channel/messages", (c) => {
    const as = person(c.req.query("as"));
    const channel = channelFor(c.req.param("channel"), as);
    seen(as, channel);
    if (channel.kind === "dm") openHome(world, as, "messages");
    const messages = world.messages.topLevel(channel.id, bounds.pageMessages);
    return c.json({ messages: messages.map((message) => pageMessage(world, message, as)) });
  });

  routes.get("/local/channels/:channel/threads/:ts", (c) => {
    const as = person(c.req.query("as"));
    const channel = channelFor(c.req.param("channel"), as);
    const messages = world.messages.thread(channel.id, c.req.param("ts"), bounds.threadMessages);
    return c.json({ messages: messages.map((message) => pageMessage(world, message, as)) });
  });

  routes.get("/local/home", (c) => c.json({ blocks: openHome(world, person(c.req.query("as")), "home") }));

  routes.post("/local/messages", async (c) => {
    const form = await readForm(c.req.raw, bounds.uploadBytes);
    if (form === null) throw new Refusal(413, "That is no form, or its files are larger than 64 MB together.");
    const field = (name: string): string => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    const as = person(field("as"));
    const channel = channelFor(field("channel"), as);
    // A form's line ends in CR LF (RFC 7578), Slack's in LF.
    const text = field("text").replaceAll("\r\n", "\n").slice(0, bounds.textChars);
    const uploads = [...form.values()].flatMap((value) => (typeof value === "string" ? [] : [value]));
    if (uploads.length > bounds.filesPerMessage) throw new Refusal(400, "Ten files a message at most.");
    if (text.trim() === "" && uploads.length === 0) throw new Refusal(400, "There is nothing to send.");
    const parent = field("thread_ts") === "" ? null : world.messages.get(channel.id, field("thread_ts"));
    if (field("thread_ts") !== "" && parent === null) throw new Refusal(404, "That thread is gone.");
    const files = await Promise.all(
      uploads.map(async (file): Promise<TypedFile> => ({
        name: file.name.slice(0, 255),
        mediaType: file.type,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    const threadTs = parent === null ? null : (parent.threadTs ?? parent.ts);
    const message = sendTyped(world, { as, channel, threadTs, text, files });
    return c.json({ ok: true, ts: message.ts });
  });

  routes.post("/local/messages/edit", async (c) => {
    const request = await body(c.req.raw, Edit);
    const as = person(request.as);
    editTyped(world, ownMessage(as, channelFor(request.channel, as), request.ts), request.text);
    return c.json({ ok: true });
  });

  routes.post("/local/messages/delete", async (c) => {
    const request = await body(c.req.raw, Delete);
    const as = person(request.as);
    deleteMessage(world, ownMessage(as, channelFor(request.channel, as), request.ts));
    return c.json({ ok: true });
  });

  routes.post("/local/actions", async (c) => {
    const request = await body(c.req.raw, Action);
    const as = person(request.as);
    const press = {
      as,
      blockId: request.block_id,
      actionId: request.action_id,
      value: request.value,
      selectedOption: request.selected_option,
      given: request.values,
    };
    if (request.view_id !== undefined) return told(await pressInView(world, { ...press, viewId: request.view_id }));
    const channel = channelFor(request.channel, as).id;
    return told(await pressElement(world, { ...press, channel, messageTs: request.message_ts }));
  });

  routes.post("/local/views/submit", async (c) => {
    const request = await body(c.req.raw, Submit);
    const done = await submitView(world, person(request.as), request.view_id, request.values);
    return done.ok ? c.json(done) : told(done);
  });

  routes.post("/local/views/close", async (c) => {
    const request = await body(c.req.raw, Close);
    return told(await closeView(world, person(request.as), request.view_id, request.all));
  });

  routes.post("/local/shortcuts", async (c) => {
    const request = await body(c.req.raw, Shortcut);
    const as = person(request.as);
    const on =
      request.channel === undefined
        ? null
        : { channel: channelFor(request.channel, as).id, ts: request.message_ts ?? "" };
    return told(await useShortcut(world, { as, callbackId: request.callback_id, on }));
  });

  routes.post("/local/commands", async (c) => {
    const request = await body(c.req.raw, Command);
    const as = person(request.as);
    const channel = channelFor(request.channel, as);
    return told(await sendCommand(world, { ...request, as, channel: channel.id }));
  });

  routes.post("/local/read", async (c) => {
    const request = await body(c.req.raw, Read);
    const as = person(request.as);
    seen(as, channelFor(request.channel, as));
    return c.json({ ok: true });
  });

  routes.post("/local/reactions", async (c) => {
    const { as: id, channel, ts, name, on } = await body(c.req.raw, Reaction);
    const as = person(id);
    try {
      react(world, as, anyMessage(channelFor(channel, as), ts), name, on);
    } catch (thrown) {
      if (thrown instanceof SlackError) throw new Refusal(400, `That reaction was refused: ${thrown.error}.`);
      throw thrown;
    }
    return c.json({ ok: true });
  });

  routes.post("/local/entities", async (c) => {
    const { as: id, channel, ts, url } = await body(c.req.raw, OpenEntity);
    const as = person(id);
    const triggerId = openEntity(world, as, anyMessage(channelFor(channel, as), ts), url);
    if (triggerId === null) throw new Refusal(404, "That is not in the message any more.");
    return c.json({ ok: true, triggerId });
  });

  routes.post("/local/title", async (c) => {
    const { as: id, channel, thread_ts: threadTs, title } = await body(c.req.raw, Title);
    const as = person(id);
    if (!renameByPerson(world, as, channelFor(channel, as), threadTs, title)) {
      throw new Refusal(404, "That thread has no session of the agent.");
    }
    return c.json({ ok: true });
  });

  routes.post("/local/stop", async (c) => {
    const request = await body(c.req.raw, Stop);
    const as = person(request.as);
    pressStop(world, as, channelFor(request.channel, as), request.thread_ts);
    return c.json({ ok: true });
  });

  routes.get("/local/files/:id/:name", (c) => {
    const as = person(c.req.query("as"));
    const file = world.files.get(c.req.param("id"));
    const bytes = file === null ? null : world.files.bytes(file.id);
    const visible = file?.channels.some((id) => maySee(channelById(world, id), as)) ?? false;
    if (file === null || bytes === null || !visible) throw new Refusal(404, "There is no such file.");
    const inline = isSafeInline(file.mimetype);
    return new Response(bytes, {
      headers: {
        // A person's HTML or SVG must not run with the page's own rights.
        "content-type": inline ? file.mimetype : "application/octet-stream",
        "content-disposition": `${inline ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=3600",
      },
    });
  });
  return routes;
}
