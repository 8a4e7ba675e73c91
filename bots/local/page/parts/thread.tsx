import { useEffect, useState } from "preact/hooks";
import type { PageChannel } from "../../workspace/page-api.ts";
import { threadKey } from "../state/model.ts";
import { reasonOf } from "../state/session.ts";
import { Composer } from "./composer.tsx";
import { useDeck } from "./deck.ts";
import { DropPane } from "./drop.tsx";
import { Icon } from "./icons.tsx";
import { lastOwn } from "./last-own.ts";
import { MessageList } from "./message-list.tsx";
import { SessionTitle } from "./session-title.tsx";
import { SessionBadge, StatusLine } from "./status-line.tsx";

/** A thread beside its channel; on a narrow screen in its place. */
export function ThreadPane({ channel, ts }: { channel: PageChannel; ts: string }) {
  const { session, model, state, go, terminal } = useDeck();
  const [editing, setEditing] = useState<string | null>(null);
  const [stopping, setStopping] = useState(false);
  const messages = model.threads[threadKey(channel.id, ts)];
  const status = state.statuses.find((s) => s.channel === channel.id && s.threadTs === ts);
  useEffect(() => session.needThread(channel.id, ts), [channel.id, ts]);
  const busy = status?.session === "processing";
  useEffect(() => {
    if (!busy) setStopping(false);
  }, [busy]);

  const close = () => go({ view: "channel", channel: channel.id, thread: null });
  const stop = () => {
    setStopping(true);
    session.api.stop(channel.id, ts).catch((thrown: unknown) => {
      setStopping(false);
      session.toast(reasonOf(thrown));
    });
  };
  const name = channel.kind === "dm" ? channel.name : `#${channel.name}`;
  const title = status?.title ?? "";
  const trace = state.traceUrl?.replace("{thread}", encodeURIComponent(`slack:${state.team.id}:${channel.id}:${ts}`));
  const prompts = busy ? [] : (status?.prompts ?? []);
  return (
    <DropPane
      channel={channel.id}
      threadTs={ts}
      name="this thread"
      class="pane thread-pane"
      label="Thread"
      testId="thread-pane"
    >
      <header class="top thread-top">
        <button type="button" class="icon-button only-narrow" aria-label={`Back to ${name}`} onClick={close}>
          <Icon name="back" size={20} />
        </button>
        <div class="thread-title">
          <SessionTitle status={status} />
          <span>{title === "" ? name : `Thread in ${name}`}</span>
        </div>
        <div class="top-side">
          <SessionBadge status={status} />
          {terminal !== null && (
            <button
              type="button"
              class="icon-button"
              aria-label="Terminal"
              aria-pressed={terminal.open}
              title="Terminal (Ctrl+`)"
              data-testid="open-terminal"
              onClick={terminal.toggle}
            >
              <Icon name="terminal" />
            </button>
          )}
          {trace !== undefined && (
            <a
              class="icon-button"
              href={trace}
              target="_blank"
              rel="noopener"
              aria-label="Open the trace"
              title="Open the trace"
              data-testid="trace-link"
            >
              <Icon name="trace" />
            </a>
          )}
          <button
            type="button"
            class="icon-button only-wide"
            aria-label="Close the thread"
            title="Close (Esc)"
            onClick={close}
          >
            <Icon name="close" />
          </button>
        </div>
      </header>
      <MessageList
        key={threadKey(channel.id, ts)}
        messages={messages}
        inThread
        label="Messages in the thread"
        editing={editing}
        edit={setEditing}
        foot={messages?.length === 0 && <p class="nothing">This thread is not there any more.</p>}
      />
      <div class="thread-foot">
        <StatusLine status={status} />
        {busy && (
          <button type="button" class="button small stop" data-testid="stop" disabled={stopping} onClick={stop}>
            <Icon name="stop" size={14} /> {stopping ? "Stopping…" : "Stop"}
          </button>
        )}
      </div>
      {prompts.length > 0 && (
        <div class="quick-prompts" role="group" aria-label="Suggestions">
          {prompts.map((prompt) => (
            <button
              key={prompt.title}
              type="button"
              class="button small"
              data-testid="suggested-prompt"
              onClick={() => {
                session.api
                  .send({ channel: channel.id, threadTs: ts, text: prompt.message, files: [] })
                  .catch((thrown: unknown) => session.toast(reasonOf(thrown)));
              }}
            >
              {prompt.title}
            </button>
          ))}
        </div>
      )}
      <Composer
        key={`${model.me}/${channel.id}/${ts}`}
        channel={channel.id}
        threadTs={ts}
        placeholder="Reply…"
        testId="thread-composer"
        focus={window.matchMedia("(hover: hover)").matches}
        onSent={() => undefined}
        onEditLast={() => setEditing(lastOwn(messages, model.me))}
      />
    </DropPane>
  );
}
