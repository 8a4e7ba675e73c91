import { z } from "zod";
import type { ChatMessage, ChatPort, FileRef } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { ChannelId, MessageId, ThreadId, UserId } from "../../kernel/ids.ts";
import { chatPortContract } from "./chat-port.contract.ts";

/*
 * A second platform, as small as one can be: lines of plain text, each under a key, so that writing it again changes
 * nothing. It shows that the contract asks for nothing that only Slack has.
 */
interface Room {
  lines: Map<string, string>;
  whispers: { to: UserId; text: string }[];
  said: ChatMessage[];
  files: Map<string, Uint8Array | "login">;
  /** Called before and after a line is written; throws to fail. */
  wire(when: "before" | "after"): void;
}

const PlainView = z.object({ seq: z.number() }).catch({ seq: 0 });

function plainPort(room: Room): ChatPort {
  const write = (key: string, text: string): void => {
    if (room.lines.get(key) === text) return;
    room.wire("before");
    room.lines.set(key, text.replaceAll("<", "‹").replaceAll(">", "›"));
    room.wire("after");
  };
  return {
    platform: "plain",
    async present(events, view, io) {
      let { seq } = PlainView.parse(view);
      for (const { event, seq: at, turn } of events) {
        if (event.type !== "text.delta" && at <= seq) continue;
        if (event.type === "text.delta" || event.type === "text.done") write(`${turn}:${event.part}`, event.text);
        else if (event.type === "task.started") write(`${turn}:${event.task}`, `* ${event.title}`);
        else if (event.type === "notice" || event.type === "turn.failed") write(`${at}`, event.text);
        else if (event.type === "approval.requested")
          write(event.card.approval, `${event.card.title}\n${event.card.body}\nApprove or deny?`);
        else if (event.type === "approval.decided")
          write(event.approval, `${room.lines.get(event.approval)?.split("\n")[0]}: Approved by ${event.byName}`);
        if (event.type !== "text.delta") seq = at;
        await io.save({ seq });
      }
      return { seq };
    },
    paceMs: () => 1000,
    async download(file, maxBytes) {
      const bytes = room.files.get(file.id);
      if (!bytes) throw new KernelError("file.unreachable", `${file.name} is gone.`);
      if (bytes === "login") throw new KernelError("file.not_the_file", `${file.name} is a login page.`);
      if (bytes.byteLength === 0) throw new KernelError("file.empty", `${file.name} is empty.`);
      if (bytes.byteLength > maxBytes) throw new KernelError("file.too_large", `${file.name} is too large.`);
      return { bytes, mediaType: file.mediaType };
    },
    history: async (thread, before, limit) =>
      room.said.filter((message) => message.thread === thread && message.id < before).slice(-limit),
    person: async (id) => ({ id, name: id === "plain:house:ada" ? "Ada" : id }),
    whisper: async (_thread, to, text) => void room.whispers.push({ to, text }),
  };
}

chatPortContract("plain text", () => {
  const thread = ThreadId.parse("plain:house:kitchen:1");
  const user = UserId.parse("plain:house:ada");
  const hi: ChatMessage = {
    kind: "message",
    id: MessageId.parse("plain:house:kitchen:1"),
    thread,
    channel: ChannelId.parse("plain:house:kitchen"),
    author: { id: user, name: "Ada" },
    text: "hi",
    files: [],
    addressed: "mention",
    root: true,
    at: 0,
  };
  let fault: { when: "before" | "after"; error: KernelError } | null = null;
  const room: Room = {
    lines: new Map(),
    whispers: [],
    said: [hi],
    files: new Map<string, Uint8Array | "login">([
      ["fine", new Uint8Array(8)],
      ["login-page", "login"],
      ["empty", new Uint8Array(0)],
      ["too-large", new Uint8Array(2000)],
    ]),
    wire(when) {
      if (fault?.when !== when) return;
      const { error } = fault;
      fault = null;
      throw error;
    },
  };
  return {
    port: plainPort(room),
    thread,
    user,
    stranger: UserId.parse("plain:house:bob"),
    later: MessageId.parse("plain:house:kitchen:9"),
    shown: () => [...room.lines.values()],
    whispers: () => room.whispers,
    loseNextPost: (when) => {
      fault = { when, error: new KernelError("platform.unreachable", "The line is dead.", { retryable: true }) };
    },
    limitNextCall: (retryAfterMs) => {
      fault = {
        when: "before",
        error: new KernelError("platform.rate_limited", "Slower.", { retryable: true, retryAfterMs }),
      };
    },
    file: (kind): FileRef => ({
      id: kind,
      name: "notes.pdf",
      mediaType: "application/pdf",
      sizeBytes: 8,
      source: null,
    }),
    now: () => 0,
  };
});
