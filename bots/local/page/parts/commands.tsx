import { useState } from "preact/hooks";
import { suggestions, type Suggestion } from "../state/commands.ts";
import { useDeck } from "./deck.ts";

export interface Commands {
  found: readonly Suggestion[];
  active: number;
  /** True when the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean;
  pick: (suggestion: Suggestion) => void;
  setActive: (index: number) => void;
}

/** The list of commands for a text that begins with a slash; `replace` puts the chosen one in its place. */
export function useCommands(text: string, on: boolean, replace: (text: string) => void): Commands {
  const { state } = useDeck();
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState(false);
  const found = on && !closed ? suggestions(state.commands ?? [], text) : [];
  const at = Math.min(active, Math.max(0, found.length - 1));
  const pick = (suggestion: Suggestion) => {
    replace(suggestion.text);
    setActive(0);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (text === "") setClosed(false);
    const suggestion = found[at];
    if (suggestion === undefined) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setActive((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) pick(suggestion);
    else if (event.key === "Escape") setClosed(true);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { found, active: at, onKey, pick, setActive };
}

export function CommandList({ commands, id }: { commands: Commands; id: string }) {
  if (commands.found.length === 0) return null;
  return (
    <ul class="mentions" role="listbox" id={id} aria-label="Commands">
      {commands.found.map((suggestion, i) => (
        <li
          key={suggestion.text}
          id={`${id}-${i}`}
          role="option"
          data-testid="command-suggestion"
          aria-selected={i === commands.active}
          onMouseEnter={() => commands.setActive(i)}
          onMouseDown={(event) => {
            event.preventDefault();
            commands.pick(suggestion);
          }}
        >
          <strong>{suggestion.label}</strong>
          <span class="dim">{suggestion.detail}</span>
        </li>
      ))}
    </ul>
  );
}
