import { vi } from "vitest";
import type { ChatAction, ChatMessage } from "../../kernel/chat/types.ts";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { channelId, messageId, threadId, type ThreadId, userId } from "../../kernel/ids.ts";
import { bindings } from "./desk.ts";
import { shownIn } from "./plain.ts";

/** What waits for something to happen waits this long at most: a busy machine is slow, and that is no failure. */
export const soon = { timeout: 50_000, interval: 10 };
export const until = <T>(look: () => T | undefined | false): Promise<T> =>
  vi.waitFor(() => {
    const found = look();
    if (!found) throw new Error("not yet");
    return found;
  }, soon);

export const person = (user: string) => ({
  id: userId.make({ platform: "plain", workspace: "T1", user }),
  name: user,
});

let stamp = 1000;

/** A channel of its own for a test, with what is said and pressed in it. */
export class Place {
  readonly #place = { platform: "plain", workspace: "T1", channel: `C-${crypto.randomUUID().slice(0, 12)}` };

  get channel() {
    return bindings.CHANNEL.getByName(channelId.make(this.#place));
  }

  message(user: string, text: string, root?: string): ChatMessage {
    stamp += 1;
    const ts = `${stamp}.1`;
    return {
      kind: "message",
      id: messageId.make({ ...this.#place, message: ts }),
      thread: threadId.make({ ...this.#place, root: root ?? ts }),
      channel: channelId.make(this.#place),
      author: person(user),
      text,
      files: [],
      addressed: "mention",
      root: root === undefined,
      at: stamp * 1000,
    };
  }

  press(thread: ThreadId, user: string, action: ChatAction["action"], subject: string, value = ""): ChatAction {
    const id = crypto.randomUUID();
    return {
      kind: "action",
      id,
      thread,
      channel: channelId.make(this.#place),
      by: person(user),
      action,
      subject,
      value,
      at: 0,
    };
  }
}

export const rootOf = (thread: ThreadId): string => thread.split(":")[3] ?? "";
export const eventsIn = (thread: ThreadId): ThreadEvent[] => shownIn(thread).events;
export const ofType = <T extends ThreadEvent["type"]>(thread: ThreadId, type: T) =>
  eventsIn(thread).filter((one): one is Extract<ThreadEvent, { type: T }> => one.type === type);
