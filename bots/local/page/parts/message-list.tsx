import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageMessage } from "../../workspace/page-api.ts";
import { group } from "../state/group.ts";
import { dayName } from "../state/time.ts";
import { parseMarkdown } from "../text/markdown.ts";
import { parseMrkdwn } from "../text/mrkdwn.ts";
import { plain } from "../text/rich.ts";
import { personOf, shownName, useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";
import { Message } from "./message.tsx";
import { useStick } from "./stick.ts";

interface Props {
  messages: readonly PageMessage[] | undefined;
  inThread: boolean;
  label: string;
  editing: string | null;
  edit: (ts: string | null) => void;
  /** Before the first message, and in place of none. */
  head?: ComponentChildren;
  foot?: ComponentChildren;
}

export function MessageList({ messages, inThread, label, editing, edit, head, foot }: Props) {
  const { model } = useDeck();
  const rows = useMemo(() => group(messages ?? []), [messages]);
  const last = messages?.at(-1);
  const stick = useStick(messages?.length ?? 0, last?.user === model.me);
  const now = Date.now();
  return (
    <div class="list-frame">
      <div class="list" ref={stick.box} role="log" aria-label={label} aria-live="off" tabIndex={0} onKeyDown={walk}>
        <div class="list-content" ref={stick.content}>
          {messages === undefined ? (
            <Skeleton />
          ) : (
            <>
              {head}
              {rows.map((row, i) =>
                row.kind === "day" ? (
                  <div class={inThread && i === 0 ? "day first" : "day"} key={row.key} role="separator">
                    <span>{dayName(row.ms, now)}</span>
                  </div>
                ) : (
                  <Row
                    key={row.key}
                    {...{ message: row.message, lead: row.lead, inThread, edit }}
                    editing={editing === row.message.ts}
                  />
                ),
              )}
            </>
          )}
          {foot}
        </div>
      </div>
      {stick.unseen && (
        <button type="button" class="new-pill" onClick={stick.toEnd}>
          <Icon name="down" size={14} /> New messages
        </button>
      )}
      <Announcer messages={messages} />
    </div>
  );
}

/** The same element for the same message: Preact then leaves the row alone while another one streams. */
function Row(props: Parameters<typeof Message>[0]) {
  const { message, lead, inThread, editing, edit } = props;
  return useMemo(
    () => <Message message={message} lead={lead} inThread={inThread} editing={editing} edit={edit} />,
    [message, lead, inThread, editing],
  );
}

/** Arrows go from message to message once the focus is on the list or on one of them. */
function walk(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const target = event.target;
  if (!(target instanceof HTMLElement) || !(target === event.currentTarget || target.matches("article"))) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("article")];
  const now = all.indexOf(target);
  const next = now < 0 ? all.length - 1 : now + (event.key === "ArrowDown" ? 1 : -1);
  if (all[next] === undefined) return;
  event.preventDefault();
  all[next].focus();
}

function Skeleton() {
  return (
    <div class="skeleton" aria-label="Loading" role="status">
      {[62, 84, 48, 73].map((width) => (
        <div class="skeleton-row" key={width}>
          <span class="skeleton-face" />
          <span class="skeleton-lines">
            <span class="skeleton-line" style={{ width: "22%" }} />
            <span class="skeleton-line" style={{ width: `${width}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

const maxSpoken = 300;

/** Says a new message to a screen reader once it is complete; a stream is not read out word by word. */
function Announcer({ messages }: { messages: readonly PageMessage[] | undefined }) {
  const { model, state } = useDeck();
  const [words, setWords] = useState("");
  const said = useRef<string | null>(null);
  const last = messages?.at(-1);
  useEffect(() => {
    if (last === undefined || last.streaming) return;
    const first = said.current === null;
    if (said.current === last.ts) return;
    said.current = last.ts;
    if (!first && last.user !== model.me) setWords(`${shownName(personOf(state, last.user))}: ${spoken(last)}`);
  }, [last]);
  return (
    <div class="sr-only" aria-live="polite" role="status">
      {words}
    </div>
  );
}

function spoken(message: PageMessage): string {
  const parts = message.segments.map((s) => (s.kind === "markdown" ? s.text : ""));
  const flow = message.segments.length > 0 ? parseMarkdown(parts.join("\n\n")) : parseMrkdwn(message.text);
  return flow
    .map((node) => ("children" in node && node.t !== "quote" ? plain(node.children) : ""))
    .join(" ")
    .slice(0, maxSpoken);
}
