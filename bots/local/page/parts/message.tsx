import { useMemo } from "preact/hooks";
import { Blocks } from "../blocks/blocks.tsx";
import type { PageMessage } from "../../workspace/page-api.ts";
import { clock, fullTime, stampMs } from "../state/time.ts";
import { parseMrkdwn } from "../text/mrkdwn.ts";
import { Avatar } from "./avatar.tsx";
import { personOf, shownName, useDeck } from "./deck.ts";
import { Editor } from "./editor.tsx";
import { Entities } from "./entity.tsx";
import { FileTile } from "./files.tsx";
import { Icon } from "./icons.tsx";
import { MessageTools } from "./message-tools.tsx";
import { Reactions } from "./reactions.tsx";
import { ReplyBar } from "./reply-bar.tsx";
import { Rich } from "./rich.tsx";
import { Segments } from "./segments.tsx";
import { Unfurls } from "./unfurls.tsx";

interface Props {
  message: PageMessage;
  lead: boolean;
  /** In the thread pane there is no way further in. */
  inThread: boolean;
  editing: boolean;
  edit: (ts: string | null) => void;
}

export function Message({ message, lead, inThread, editing, edit }: Props) {
  const { state, model } = useDeck();
  const person = personOf(state, message.user);
  const ms = stampMs(message.ts);
  const mine = message.user === model.me && !message.ephemeral;
  const kind = message.ephemeral ? "ephemeral" : lead ? "lead" : "more";
  const time = (
    <time class="message-time" dateTime={new Date(ms).toISOString()} title={fullTime(ms)}>
      {clock(ms)}
    </time>
  );
  return (
    <article
      class={`message ${kind}`}
      tabIndex={-1}
      data-testid={message.ephemeral ? "ephemeral" : "message"}
      data-ts={message.ts}
      data-user={message.user}
      data-streaming={message.streaming}
      aria-label={`${shownName(person)}, ${clock(ms)}`}
      aria-busy={message.streaming}
    >
      <div class="message-side">{lead ? <Avatar person={person} /> : time}</div>
      <div class="message-main">
        {message.ephemeral && (
          <div class="only-you">
            <Icon name="eye" size={14} /> Only visible to you
          </div>
        )}
        {message.broadcast === true && <Broadcast message={message} inThread={inThread} />}
        {lead && (
          <div class="message-head">
            <span class="message-author">{shownName(person)}</span>
            {person.bot && <span class="tag">Agent</span>}
            {person.external !== undefined && <span class="tag external">{person.external}</span>}
            {time}
          </div>
        )}
        {editing ? <Editor message={message} done={() => edit(null)} /> : <Body message={message} bot={person.bot} />}
        {message.files.length > 0 && (
          <div class="files">
            {message.files.map((file) => (
              <FileTile key={file.id} file={file} />
            ))}
          </div>
        )}
        <Unfurls message={message} />
        <Entities message={message} />
        <Reactions message={message} />
        {!inThread && <ReplyBar message={message} />}
      </div>
      {!editing && !message.ephemeral && (
        <MessageTools message={message} mine={mine} inThread={inThread} edit={() => edit(message.ts)} />
      )}
    </article>
  );
}

/** A reply that stands in the channel too says where it belongs. */
function Broadcast({ message, inThread }: { message: PageMessage; inThread: boolean }) {
  const { go } = useDeck();
  if (inThread || message.threadTs === null) return <div class="only-you">Also sent to the channel</div>;
  const thread = message.threadTs;
  return (
    <button
      type="button"
      class="only-you broadcast"
      data-testid="broadcast"
      onClick={() => go({ view: "channel", channel: message.channel, thread })}
    >
      <Icon name="reply" size={14} /> Replied to a thread
    </button>
  );
}

function Body({ message, bot }: { message: PageMessage; bot: boolean }) {
  // A bot changes its cards all the time; that is no news.
  const edited = message.edited && !bot ? <span class="edited"> (edited)</span> : null;
  const flow = useMemo(() => parseMrkdwn(message.text), [message.text]);
  if (message.segments.length > 0 || message.streaming) {
    return (
      <>
        <Segments message={message} />
        {edited}
      </>
    );
  }
  // A person's rich_text block says no more than the text, in which the marks they typed still stand.
  if (message.blocks.length > 0 && (bot || message.text === "")) {
    return (
      <>
        <Blocks blocks={message.blocks} channel={message.channel} ts={message.ts} />
        {edited}
      </>
    );
  }
  return (
    <div class="message-text">
      <Rich flow={flow} />
      {edited}
    </div>
  );
}
