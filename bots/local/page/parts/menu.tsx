import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  testId?: string;
  onPick: () => void;
}

interface Props {
  label: string;
  icon: IconName;
  items: readonly MenuItem[];
  testId?: string;
}

/** A button with a small menu: arrows move, Enter picks, Esc or a click outside closes and gives the focus back. */
export function Menu({ label, icon, items, testId }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    box.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && open) {
      event.preventDefault();
      event.stopPropagation();
      const now = all.findIndex((item) => item === document.activeElement);
      all[(now + step + all.length) % all.length]?.focus();
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") close(false);
  };
  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-testid={testId}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} size={16} />
      </button>
      {open && (
        <div class="menu-list" role="menu" aria-label={label}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.danger === true ? "menu-item danger" : "menu-item"}
              data-testid={item.testId}
              onClick={() => {
                close(true);
                item.onPick();
              }}
            >
              {item.icon !== undefined && <Icon name={item.icon} size={16} />}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
