import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar.tsx";
import { personOf, shownName, useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

/** Whom the page acts as, and the list to become somebody else. */
export function ActAs() {
  const { state, model, become } = useDeck();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const people = state.people.filter((p) => !p.bot);
  const me = personOf(state, model.me);
  useEffect(() => {
    if (!open) return undefined;
    box.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (open && step !== 0) {
      event.preventDefault();
      const now = all.findIndex((item) => item === document.activeElement);
      all[(now + step + all.length) % all.length]?.focus();
    } else if (event.key === "Tab") setOpen(false);
  };
  return (
    <div class="act-as" ref={box} onKeyDown={onKeyDown}>
      {open && (
        <div class="act-as-list" role="menu" aria-label="Act as">
          <p>One browser, several people: choose whom you act as. A second tab can be somebody else.</p>
          {people.map((person) => (
            <button
              key={person.id}
              type="button"
              role="menuitemradio"
              aria-checked={person.id === model.me}
              tabIndex={-1}
              data-testid={`act-as-${person.id}`}
              onClick={() => {
                setOpen(false);
                button.current?.focus();
                become(person.id);
              }}
            >
              <Avatar person={person} size={28} />
              <span>
                <strong>{shownName(person)}</strong>
                <span>
                  @{person.name}
                  {person.external !== undefined && ` · ${person.external}`}
                </span>
              </span>
              {person.id === model.me && <Icon name="check" size={16} />}
            </button>
          ))}
        </div>
      )}
      <button
        ref={button}
        type="button"
        class="act-as-button"
        data-testid="act-as"
        data-person={model.me}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Avatar person={me} size={32} />
        <span>
          <small>Acting as</small>
          <strong>{shownName(me)}</strong>
        </span>
        <Icon name="up" size={16} />
      </button>
    </div>
  );
}
