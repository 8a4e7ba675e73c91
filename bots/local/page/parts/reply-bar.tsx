import type { PageMessage } from "../../workspace/page-api.ts";
import { threadKey } from "../state/model.ts";
import { ago, stampMs } from "../state/time.ts";
import { Avatar } from "./avatar.tsx";
import { botOf, personOf, useDeck } from "./deck.ts";
import { useNow } from "./now.ts";
import { Icon } from "./icons.tsx";

/** Under a root: how much was answered and what is going on, as one button into the thread. */
export function ReplyBar({ message }: { message: PageMessage }) {
  const { state, model, go, route } = useDeck();
  const now = useNow();
  const status = state.statuses.find((s) => s.channel === message.channel && s.threadTs === message.ts);
  const busy = status?.session === "processing" || (status !== undefined && status.status !== "");
  const waiting = status?.session === "suspended";
  if (message.replyCount === 0 && !busy && !waiting) return null;
  const known = model.threads[threadKey(message.channel, message.ts)] ?? [];
  const authors = [...new Set(known.filter((m) => m.ts !== message.ts && !m.ephemeral).map((m) => m.user))];
  const faces = authors.length > 0 ? authors.slice(0, 4).map((id) => personOf(state, id)) : [botOf(state)];
  const open = route.view === "channel" && route.thread === message.ts;
  const count = message.replyCount;
  return (
    <button
      type="button"
      class={open ? "reply-bar open" : "reply-bar"}
      data-testid="reply-bar"
      onClick={() => go({ view: "channel", channel: message.channel, thread: message.ts })}
    >
      <span class="faces">
        {faces.map((person) => (
          <Avatar key={person.id} person={person} size={22} />
        ))}
      </span>
      {count > 0 && (
        <strong>
          {count} {count === 1 ? "reply" : "replies"}
        </strong>
      )}
      {busy ? (
        <span class="reply-state busy">
          <span class="dots" aria-hidden="true" /> {botOf(state).realName || "Deckhand"} is working
        </span>
      ) : waiting ? (
        <span class="reply-state waiting">
          <Icon name="pause" size={14} /> Waiting for an answer
        </span>
      ) : (
        message.lastReply !== null && (
          <span class="reply-state">
            <span class="reply-last">Last reply {ago(stampMs(message.lastReply), now)}</span>
            <span class="reply-view">View thread</span>
          </span>
        )
      )}
    </button>
  );
}
