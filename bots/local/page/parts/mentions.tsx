import { useState } from "preact/hooks";
import type { PagePerson } from "../../workspace/page-api.ts";
import { candidates, mentionAt } from "../state/mention.ts";
import { Avatar } from "./avatar.tsx";
import { shownName } from "./deck.ts";

export interface Mentions {
  found: readonly PagePerson[];
  active: number;
  /** True when the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean;
  pick: (person: PagePerson) => void;
  setActive: (index: number) => void;
}

/** The list of people for the "@…" under the caret; `replace` puts the chosen name in its place. */
export function useMentions(
  people: readonly PagePerson[],
  text: string,
  caret: number,
  replace: (start: number, end: number, words: string) => void,
): Mentions {
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const mention = mentionAt(text, caret);
  const open = mention !== null && closed !== mention.start;
  const found = open ? candidates(people, mention.query) : [];
  const at = Math.min(active, Math.max(0, found.length - 1));

  const pick = (person: PagePerson) => {
    if (mention !== null) replace(mention.start, caret, `@${shownName(person)} `);
    setActive(0);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (mention === null) setClosed(null);
    const person = found[at];
    if (person === undefined) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setActive((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter" || event.key === "Tab") pick(person);
    else if (event.key === "Escape") setClosed(mention?.start ?? null);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { found, active: at, onKey, pick, setActive };
}

export function MentionList({ mentions, id }: { mentions: Mentions; id: string }) {
  if (mentions.found.length === 0) return null;
  return (
    <ul class="mentions" role="listbox" id={id} aria-label="People">
      {mentions.found.map((person, i) => (
        <li
          key={person.id}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === mentions.active}
          onMouseEnter={() => mentions.setActive(i)}
          onMouseDown={(event) => {
            event.preventDefault();
            mentions.pick(person);
          }}
        >
          <Avatar person={person} size={24} />
          <strong>{shownName(person)}</strong>
          <span class="dim">@{person.name}</span>
          {person.bot && <span class="tag">Agent</span>}
        </li>
      ))}
    </ul>
  );
}
