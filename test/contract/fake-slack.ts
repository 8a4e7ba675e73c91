import { checkBlocks } from "../../bots/local/workspace/blocks.ts";
import { SlackError } from "../../bots/local/workspace/slack-error.ts";
import contracts from "../../bots/local/workspace/contract/methods.json" with { type: "json" };

/*
 * As much of Slack's Web API as the adapter calls, in memory and behind `fetch`: messages, streams with their states and
 * limits, ephemerals, files. It refuses what Slack refuses, and can be told to fail a call before or after it did it.
 */
export interface FakeMessage {
  ts: string;
  user: string;
  text: string;
  blocks: Block[];
  metadata: unknown;
  streaming: boolean;
  /** Chunks of a stream, in their order. */
  chunks: Block[];
  startedAt: number;
  files?: { id: string; name: string }[];
}
export interface FakeUpload {
  id: string;
  name: string;
  alt: string;
  bytes: Uint8Array | null;
  shared: boolean;
}
type Block = Record<string, unknown> & { type: string };

/** Arguments that are JSON within the form. */
const structured = new Set([
  "blocks",
  "chunks",
  "metadata",
  "files",
  "prompts",
  "loading_messages",
  "view",
  "unfurls",
  "error",
]);

export interface Call {
  method: string;
  args: Record<string, unknown>;
}

/** What to do to the next call of a method: refuse it, or lose the answer before or after it was done. */
export type Fault = { error: string } | { status: 429; retryAfter: number } | "lost-before" | "lost-after";

const token = "xoxb-contract";
const root = "1721000000.000100";

export function fakeSlack(clock: () => number) {
  const messages: FakeMessage[] = [
    { ts: root, user: "U1", text: "hi", blocks: [], metadata: undefined, streaming: false, chunks: [], startedAt: 0 },
  ];
  const ephemerals: { user: string; text: string }[] = [];
  const calls: Call[] = [];
  const faults: { method: string; fault: Fault; times: number }[] = [];
  const files = new Map<string, () => Response>();
  const uploads = new Map<string, FakeUpload>();
  const refusals: { method: string; error: string }[] = [];
  const problems: string[] = [];
  let last = 1721000000;

  const ts = (): string => `${(last = Math.max(last + 1, Math.floor(clock() / 1000)))}.000100`;
  const error = (code: string) => ({ ok: false, error: code });
  const find = (args: Record<string, unknown>) => messages.find((message) => message.ts === args["ts"]);
  const text = (args: Record<string, unknown>, name = "text", none = ""): string => {
    const value = args[name];
    return typeof value === "string" ? value : none;
  };
  const blocks = (args: Record<string, unknown>): Block[] => (args["blocks"] as Block[] | undefined) ?? [];
  const markdown = (list: readonly Block[]): number =>
    list.reduce(
      (sum, block) =>
        sum + (block.type === "markdown" || block.type === "markdown_text" ? String(block["text"]).length : 0),
      0,
    );
  const length = (value: unknown): number => (typeof value === "string" ? value.length : 0);
  const streamed = (list: readonly Block[]): number =>
    list.reduce(
      (sum, chunk) =>
        sum + length(chunk["text"]) + length(chunk["title"]) + length(chunk["details"]) + length(chunk["output"]),
      0,
    );
  const dead = (message: FakeMessage): boolean => !message.streaming || clock() - message.startedAt > 300_000;

  /** What the local workspace's validator says of blocks. */
  const checked = (list: readonly Block[], surface: "message" | "stream"): string | null => {
    try {
      checkBlocks(list, surface);
      return null;
    } catch (thrown) {
      if (!(thrown instanceof SlackError)) throw thrown;
      problems.push(JSON.stringify(thrown.extra));
      return thrown.error;
    }
  };
  const badChunks = (list: readonly Block[]): string | null => {
    for (const chunk of list) {
      const bad = chunk.type === "blocks" ? checked(chunk["blocks"] as Block[], "stream") : null;
      if (bad !== null) return bad;
    }
    const tables = list.flatMap((chunk) => (chunk.type === "blocks" ? (chunk["blocks"] as Block[]) : []));
    return tables.filter((block) => block.type === "table").length > 1 ? "invalid_blocks" : null;
  };

  const content = (args: Record<string, unknown>): string | null => {
    if (text(args) === "" && blocks(args).length === 0) return "no_text";
    if (blocks(args).length > 50 || markdown(blocks(args)) > 12_000) return "msg_blocks_too_long";
    return checked(blocks(args), "message");
  };

  const methods: Record<string, (args: Record<string, unknown>) => object> = {
    "auth.test": () => ({ ok: true, user_id: "UBOT", bot_id: "B1" }),
    "users.info": (args) => ({
      ok: true,
      user: { id: args["user"], name: "ada", real_name: "Ada", profile: { display_name: "Ada", real_name: "Ada" } },
    }),
    "agents.sessions.setStatus": () => ({ ok: true }),
    "assistant.threads.setStatus": () => ({ ok: true }),
    "assistant.threads.setTitle": () => ({ ok: true }),
    "assistant.threads.setSuggestedPrompts": () => ({ ok: true }),
    "chat.postMessage": (args) => {
      const bad = content(args);
      if (bad) return error(bad);
      if (args["thread_ts"] !== root || args["unfurl_links"] !== false) return error("invalid_arguments");
      const message = {
        ts: ts(),
        user: "UBOT",
        text: String(args["text"]),
        blocks: blocks(args),
        metadata: args["metadata"],
        streaming: false,
        chunks: [],
        startedAt: 0,
      };
      messages.push(message);
      return { ok: true, ts: message.ts };
    },
    "chat.update": (args) => {
      const message = find(args);
      if (!message) return error("message_not_found");
      if (!dead(message)) return error("streaming_state_conflict");
      const bad =
        content(args) ?? (blocks(args).length === 0 && String(args["text"]).length > 4000 ? "msg_too_long" : null);
      if (bad) return error(bad);
      Object.assign(message, { text: String(args["text"]), blocks: blocks(args), chunks: [] });
      return { ok: true, ts: message.ts };
    },
    "chat.delete": (args) => {
      const at = messages.findIndex((message) => message.ts === args["ts"]);
      if (at === -1) return error("message_not_found");
      messages.splice(at, 1);
      return { ok: true };
    },
    "chat.startStream": (args) => {
      if (args["recipient_user_id"] !== "U1" || args["recipient_team_id"] !== "T2")
        return error("missing_recipient_user_id");
      const chunks = (args["chunks"] as Block[] | undefined) ?? [];
      const bad = badChunks(chunks);
      if (bad) return error(bad);
      const message = {
        ts: ts(),
        user: "UBOT",
        text: "",
        blocks: [],
        metadata: undefined,
        streaming: true,
        chunks,
        startedAt: clock(),
      };
      messages.push(message);
      return { ok: true, ts: message.ts };
    },
    "chat.appendStream": (args) => {
      const message = find(args);
      if (!message || dead(message)) return error("message_not_in_streaming_state");
      const chunks = [...message.chunks, ...(args["chunks"] as Block[])];
      const bad = badChunks(chunks);
      if (bad) return error(bad);
      if (streamed(chunks) > 12_000) return error("msg_too_long");
      message.chunks = chunks;
      return { ok: true, ts: message.ts };
    },
    "chat.stopStream": (args) => {
      const message = find(args);
      if (!message || dead(message)) return error("message_not_in_streaming_state");
      const chunks = [...message.chunks, ...((args["chunks"] as Block[] | undefined) ?? [])];
      const bad = badChunks(chunks) ?? checked(blocks(args), "stream");
      if (bad) return error(bad);
      if (streamed(chunks) > 12_000) return error("msg_too_long");
      // Slack shows a task that is open when its stream ends as failed.
      const tasks = new Map(chunks.flatMap((chunk) => (chunk.type === "task_update" ? [[chunk["id"], chunk]] : [])));
      for (const task of tasks.values())
        if (task["status"] === "pending" || task["status"] === "in_progress") chunks.push({ ...task, status: "error" });
      if (blocks(args).length > 0) chunks.push({ type: "blocks", blocks: blocks(args) });
      Object.assign(message, { chunks, streaming: false, metadata: args["metadata"] ?? message.metadata });
      return { ok: true, ts: message.ts };
    },
    "chat.unfurl": () => ({ ok: true }),
    "entity.presentDetails": () => ({ ok: true }),
    "views.open": () => ({ ok: true, view: { id: "V1" } }),
    "views.publish": () => ({ ok: true, view: { id: "V1" } }),
    "chat.postEphemeral": (args) => {
      ephemerals.push({ user: String(args["user"]), text: String(args["text"]) });
      return { ok: true };
    },
    "files.getUploadURLExternal": (args) => {
      const id = `F${uploads.size + 1}`;
      uploads.set(id, { id, name: text(args, "filename"), alt: text(args, "alt_txt"), bytes: null, shared: false });
      return { ok: true, upload_url: `http://slack.test/upload/${id}`, file_id: id };
    },
    "files.completeUploadExternal": (args) => {
      const shared = (args["files"] as { id: string }[]).map(({ id }) => uploads.get(id));
      if (shared.some((file) => !file || file.shared || file.bytes === null)) return error("file_not_found");
      for (const file of shared) if (file) file.shared = true;
      const message = {
        ts: ts(),
        user: "UBOT",
        text: text(args, "initial_comment"),
        blocks: [],
        metadata: undefined,
        streaming: false,
        chunks: [],
        startedAt: 0,
        files: shared.flatMap((file) => (file ? [{ id: file.id, name: file.name }] : [])),
      };
      messages.push(message);
      return { ok: true, files: message.files };
    },
    "conversations.replies": (args) => {
      const newer = messages.filter(
        (message) =>
          (message.ts > text(args, "oldest", "0") && message.ts < text(args, "latest", "9")) || message.ts === root,
      );
      // Two a page, so that paging is walked.
      const from = Number(args["cursor"] ?? 0);
      const page = newer.slice(from, from + 2).map(({ streaming: _, chunks: __, startedAt: ___, ...message }) => ({
        type: "message",
        team: "T1",
        thread_ts: root,
        ...(message.user === "UBOT" ? { bot_id: "B1" } : {}),
        ...message,
      }));
      const next = from + 2 < newer.length ? String(from + 2) : "";
      return { ok: true, messages: page, response_metadata: { next_cursor: next } };
    },
  };

  const answer = async (method: string, body: string): Promise<Response> => {
    const args = Object.fromEntries(
      [...new URLSearchParams(body)].map(([name, value]) => {
        const isJson = structured.has(name) || value === "true" || value === "false";
        return [name, isJson ? (JSON.parse(value) as unknown) : value];
      }),
    );
    checkArguments(method, args);
    calls.push({ method, args });
    const armed = faults.find((one) => one.method === method && one.times > 0);
    if (armed) {
      armed.times--;
      if (armed.fault === "lost-before") throw new TypeError("network");
      if (armed.fault === "lost-after") {
        methods[method]?.(args);
        throw new TypeError("network");
      }
      if ("status" in armed.fault)
        return new Response("", { status: 429, headers: { "retry-after": String(armed.fault.retryAfter) } });
      return Response.json(error(armed.fault.error));
    }
    const result = methods[method]?.(args) ?? error("unknown_method");
    if ("error" in result) refusals.push({ method, error: String(result.error) });
    return Response.json(result);
  };

  const fetch = (async (url: string, init?: RequestInit) => {
    const { pathname } = new URL(url);
    if (pathname.startsWith("/files/")) return files.get(pathname)?.() ?? new Response("", { status: 404 });
    if (pathname.startsWith("/upload/")) {
      const upload = uploads.get(pathname.replace("/upload/", ""));
      const armed = faults.find((one) => one.method === "upload" && one.times > 0);
      if (armed) {
        armed.times--;
        if (typeof armed.fault === "string") throw new TypeError("network");
        return new Response("", { status: "status" in armed.fault ? armed.fault.status : 500 });
      }
      if (upload) upload.bytes = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
      return new Response("OK");
    }
    return answer(pathname.replace("/api/", ""), typeof init?.body === "string" ? init.body : "");
  }) as typeof globalThis.fetch;

  return {
    fetch,
    token,
    root,
    apiUrl: "http://slack.test/api/",
    messages,
    ephemerals,
    calls,
    dead,
    files,
    uploads,
    /** What was refused by itself, not by an armed fault. */
    refusals,
    problems,
    /** Text of the files that stand in the thread. */
    shared: () =>
      [...uploads.values()]
        .filter((file) => file.shared)
        .map((file) => ({ ...file, text: new TextDecoder().decode(file.bytes ?? new Uint8Array()) })),
    /** Arms a fault for the next `times` calls of a method. */
    fail: (method: string, fault: Fault, times = 1) => void faults.push({ method, fault, times }),
    count: (method: string) => calls.filter((call) => call.method === method).length,
    /** Our own messages as a person reads them. */
    shown: () =>
      messages
        .filter((message) => message.user === "UBOT")
        .map((message) =>
          message.chunks.length > 0
            ? readChunks(message.chunks)
            : message.blocks.length > 0
              ? readBlocks(message.blocks)
              : [message.text, ...(message.files ?? []).map((file) => `[file ${file.name}]`)].join("\n").trim(),
        ),
  };
}
/** Slack's own argument schema: an unknown name or a missing one is a mistake of ours, not a refusal to get over. */
function checkArguments(method: string, args: Record<string, unknown>): void {
  const contract = (contracts as Record<string, { required: string[]; properties: Record<string, unknown> }>)[method];
  if (!contract) throw new Error(`${method} is not in Slack's reference`);
  const unknown = Object.keys(args).filter((name) => !(name in contract.properties));
  // The reference asks for markdown_text, the page of the method for either that or chunks.
  const missing = contract.required.filter(
    (name) => !(name in args) && !(name === "markdown_text" && "chunks" in args),
  );
  if (unknown.length > 0 || missing.length > 0)
    throw new Error(`${method}: unknown ${unknown.join()}, missing ${missing.join()}`);
}

export type FakeSlack = ReturnType<typeof fakeSlack>;

function readChunks(chunks: readonly Block[]): string {
  const lines: string[] = [];
  const tasks = new Map<string, number>();
  for (const chunk of chunks) {
    if (chunk.type === "markdown_text") {
      if (chunks[chunks.indexOf(chunk) - 1]?.type === "markdown_text")
        lines.push((lines.pop() ?? "") + String(chunk["text"]));
      else lines.push(String(chunk["text"]));
    } else if (chunk.type === "task_update") {
      const id = String(chunk["id"]);
      const line = `[${String(chunk["status"])}] ${String(chunk["title"])}${typeof chunk["output"] === "string" ? `: ${chunk["output"]}` : ""}`;
      const at = tasks.get(id);
      if (at === undefined) tasks.set(id, lines.push(line) - 1);
      else lines[at] = line;
    } else if (chunk.type === "plan_update") lines.push(`[plan] ${String(chunk["title"])}`);
    else {
      const text = readBlocks(chunk["blocks"] as Block[]);
      if (text !== "") lines.push(text);
    }
  }
  return lines.join("\n");
}

function readCell(cell: unknown): string {
  if (Array.isArray(cell)) return cell.map(readCell).join("");
  if (typeof cell !== "object" || cell === null) return "";
  const { text, elements } = cell as { text?: unknown; elements?: unknown };
  return typeof text === "string" ? text : readCell(elements);
}

const readBlocks = (blocks: readonly Block[]): string =>
  blocks
    .flatMap((block): string[] => {
      if (block.type === "markdown") return [String(block["text"])];
      if (block.type === "context") return (block["elements"] as Block[]).map((element) => String(element["text"]));
      if (block.type === "actions")
        return (block["elements"] as { text: { text: string } }[]).map((element) => `<${element.text.text}>`);
      if (block.type === "table") return (block["rows"] as Block[][]).map((row) => row.map(readCell).join(" | "));
      if (block.type === "context_actions") return [];
      return [String((block["text"] as Block)["text"])];
    })
    .join("\n");
