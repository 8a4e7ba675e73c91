import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Route } from "../state/route.ts";
import { useDeck } from "./deck.ts";
import { Icon, type IconName } from "./icons.tsx";

interface Place {
  name: string;
  icon: IconName;
  note: string;
  to: Route;
}

/** Ctrl/Cmd+K: write a few letters, Enter goes there. */
export function Switcher({ close }: { close: () => void }) {
  const { state, go } = useDeck();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const all: Place[] = [
    ...state.channels.map((c): Place => ({
      name: c.name,
      icon: c.kind === "dm" ? "at" : "hash",
      note: c.kind === "dm" ? "Direct message" : "Channel",
      to: { view: "channel", channel: c.id, thread: null },
    })),
    { name: "Home", icon: "home", note: "App Home", to: { view: "home" } },
    { name: "What is on", icon: "gauge", note: "Workspace", to: { view: "features" } },
    ...state.statuses
      .filter((s) => s.title !== "")
      .slice(-8)
      .map((s): Place => ({
        name: s.title,
        icon: "reply",
        note: "Thread",
        to: { view: "channel", channel: s.channel, thread: s.threadTs },
      })),
  ];
  const wanted = query.trim().replace(/^[#@]/, "").toLowerCase();
  const found = all.filter((place) => place.name.toLowerCase().includes(wanted)).slice(0, 12);
  const at = Math.min(active, Math.max(0, found.length - 1));
  const pick = (place: Place | undefined) => {
    if (place === undefined) return;
    close();
    go(place.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setActive((at + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(found[at]);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="dialog switcher"
      aria-label="Jump to"
      data-testid="switcher"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div class="switcher-field">
        <Icon name="search" />
        <input
          type="text"
          value={query}
          placeholder="Where to?"
          aria-label="Where to?"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={`${id}-${at}`}
          autofocus
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={id} role="listbox" aria-label="Places">
        {found.map((place, i) => (
          <li
            key={`${place.note}-${place.name}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseEnter={() => setActive(i)}
            onClick={() => pick(place)}
          >
            <Icon name={place.icon} size={16} />
            <span>{place.name}</span>
            <small>{place.note}</small>
          </li>
        ))}
        {found.length === 0 && <li class="nothing">Nothing here by that name.</li>}
      </ul>
    </dialog>
  );
}
