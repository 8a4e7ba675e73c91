import type { ChatPort } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import type { ThreadId, UserId } from "../../kernel/ids.ts";

/** What a platform of plain text was given, by thread: the kernel has no idea that this is all there is. */
export interface Shown {
  events: ThreadEvent[];
  /** The same with whose they are. */
  stamped: StampedEvent[];
  whispers: { to: UserId; text: string }[];
}

const threads = new Map<ThreadId, Shown>();

export function shownIn(thread: ThreadId): Shown {
  const shown = threads.get(thread) ?? { events: [], stamped: [], whispers: [] };
  threads.set(thread, shown);
  return shown;
}

/** A platform that only keeps what it is given; `refusals` are thrown first, one a call (`platform.later`: afterwards). */
export const refusals: KernelError[] = [];

/** While this is set, nobody's name is told. */
export const slowNames: { until: Promise<void> | null } = { until: null };

export const plainPort = (thread: ThreadId): ChatPort => ({
  platform: "plain",
  async present(events, view, io) {
    const refusal = refusals.shift();
    if (refusal && refusal.code !== "platform.later") throw refusal;
    const shown = shownIn(thread);
    const last = typeof view === "number" ? view : 0;
    const fresh = events.filter(({ seq, event }) => seq > last && event.type !== "text.delta");
    shown.stamped.push(...fresh);
    shown.events.push(...fresh.map((one) => one.event));
    const next = Math.max(last, ...events.map((one) => (one.event.type === "text.delta" ? 0 : one.seq)));
    await io.save(next);
    if (refusal) throw refusal;
    return next;
  },
  paceMs: () => 5,
  async download(file) {
    throw new KernelError("file.unreachable", `${file.name} could not be fetched.`);
  },
  history: async () => [],
  async person(id) {
    await slowNames.until;
    return { id, name: id.split(":")[2] ?? "" };
  },
  async whisper(at, to, text) {
    shownIn(at).whispers.push({ to, text });
  },
});
