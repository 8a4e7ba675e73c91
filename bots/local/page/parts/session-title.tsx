import { useState } from "preact/hooks";
import type { PageStatus } from "../../workspace/page-api.ts";
import { reasonOf } from "../state/session.ts";
import { useDeck } from "./deck.ts";

/** The thread's title. Where the agent has a session it can be given another: Enter keeps it, Esc does not. */
export function SessionTitle({ status }: { status: PageStatus | undefined }) {
  const { session } = useDeck();
  const [editing, setEditing] = useState(false);
  const title = status?.title ?? "";
  const shown = title === "" ? "Thread" : title;
  if (status === undefined || status.session === null) {
    return (
      <h2 data-testid="thread-title" title={title}>
        {shown}
      </h2>
    );
  }
  const save = (next: string) => {
    setEditing(false);
    if (next.trim() === "" || next.trim() === title) return;
    session.api
      .rename(status.channel, status.threadTs, next.trim())
      .catch((thrown: unknown) => session.toast(reasonOf(thrown)));
  };
  if (editing) {
    return (
      <input
        class="field title-field"
        aria-label="Title of the session"
        data-testid="title-field"
        maxLength={200}
        value={title}
        ref={(field) => field?.focus()}
        onBlur={(event) => save(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") save(event.currentTarget.value);
          else if (event.key === "Escape") {
            event.stopPropagation();
            event.preventDefault();
            setEditing(false);
          }
        }}
      />
    );
  }
  return (
    <h2 data-testid="thread-title" title={title}>
      <button type="button" class="title-button" data-testid="rename" onClick={() => setEditing(true)}>
        {shown}
      </button>
    </h2>
  );
}
