import { useEffect, useRef, useState } from "preact/hooks";
import { leaveKey } from "../terminal/leave.ts";
import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

/** As the kernel has names of computers. */
const name = /^[a-z](?:[a-z0-9]{0,18}[a-z0-9])?$/;
const kept = "deckhand.box";

/** Opens and closes the panel, by its button or Ctrl+`; what had the focus before gets it back. */
export function useTerminal(on: boolean): { open: boolean; toggle: () => void } {
  const [open, setOpen] = useState(false);
  const before = useRef<Element | null>(null);
  const shown = useRef(false);
  const toggle = () => {
    shown.current = !shown.current;
    if (shown.current) before.current = document.activeElement;
    else if (before.current instanceof HTMLElement) before.current.focus();
    setOpen(shown.current);
  };
  useEffect(() => {
    if (!on) return undefined;
    const key = (event: KeyboardEvent) => {
      if (!leaveKey(event)) return;
      event.preventDefault();
      toggle();
    };
    const told = (event: MessageEvent) => {
      if (event.origin === location.origin && event.data === "deckhand:leave-terminal") toggle();
    };
    window.addEventListener("keydown", key);
    window.addEventListener("message", told);
    return () => {
      window.removeEventListener("keydown", key);
      window.removeEventListener("message", told);
    };
  }, [on]);
  return { open: open && on, toggle };
}

/** A shell in one of the person's computers, under everything else. */
export function TerminalPanel({ close }: { close: () => void }) {
  const { model } = useDeck();
  const [box, setBox] = useState(() => localStorage.getItem(kept) ?? "main");
  const [typed, setTyped] = useState(box);
  const wrong = !name.test(typed);
  const frame = useRef<HTMLIFrameElement>(null);
  const query = new URLSearchParams({ as: model.me, box }).toString();
  return (
    <section class="terminal-panel" aria-label="Terminal" data-testid="terminal-panel">
      <header>
        <Icon name="terminal" size={16} />
        <h2>Terminal</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (wrong) return;
            localStorage.setItem(kept, typed);
            if (typed === box) frame.current?.focus();
            else setBox(typed);
          }}
        >
          <label>
            Computer
            <input
              class="field"
              value={typed}
              maxLength={20}
              spellcheck={false}
              autocomplete="off"
              aria-invalid={wrong ? true : undefined}
              title="1 to 20 lower-case letters and digits, a letter first"
              data-testid="terminal-box"
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
          {typed !== box && (
            <button type="submit" class="button small" disabled={wrong}>
              Open
            </button>
          )}
        </form>
        <span class="terminal-hint">
          <kbd>Ctrl</kbd> <kbd>`</kbd> leads out
        </span>
        <button
          type="button"
          class="icon-button"
          aria-label="Close the terminal"
          title="Close (Ctrl+`)"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <iframe
        key={query}
        ref={frame}
        src={`/terminal/frame?${query}`}
        title={`Shell in the computer ${box}`}
        onLoad={() => frame.current?.focus()}
        data-testid="terminal-frame"
      />
    </section>
  );
}
