import { useEffect, useRef, useState } from "preact/hooks";
import type { PageMessage } from "../../workspace/page-api.ts";
import { decode, encode } from "../state/mention.ts";
import { reasonOf } from "../state/session.ts";
import { useDeck } from "./deck.ts";

/** A message of one's own, being changed in its place. Enter saves, Esc leaves it as it was. */
export function Editor({ message, done }: { message: PageMessage; done: () => void }) {
  const { session, state } = useDeck();
  const [text, setText] = useState(() => decode(message.text, state.people));
  const [error, setError] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, []);
  const save = async () => {
    const next = text.trim();
    if (next === "" || next === decode(message.text, state.people)) {
      done();
      return;
    }
    try {
      await session.api.edit(message.channel, message.ts, encode(next, state.people));
      done();
    } catch (thrown) {
      setError(reasonOf(thrown));
    }
  };
  return (
    <div class="editor">
      <textarea
        ref={area}
        class="field"
        aria-label="Edit the message"
        data-testid="editor"
        rows={Math.min(10, text.split("\n").length)}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            void save();
          } else if (event.key === "Escape") {
            event.stopPropagation();
            done();
          }
        }}
      />
      {error !== null && (
        <p class="inline-error" role="alert">
          {error}
        </p>
      )}
      <div class="editor-buttons">
        <button type="button" class="button small" onClick={done}>
          Cancel
        </button>
        <button type="button" class="button small primary" onClick={() => void save()}>
          Save
        </button>
      </div>
    </div>
  );
}
