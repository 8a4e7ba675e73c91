import type { ComponentChildren } from "preact";
import { Icon } from "./icons.tsx";

/** The bar over a view. On a narrow screen it has the button that opens the sidebar. */
export function Top({ title, children }: { title: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="top">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label="Open the sidebar"
        data-testid="open-sidebar"
        onClick={() => window.dispatchEvent(new Event("deckhand:sidebar"))}
      >
        <Icon name="menu" size={20} />
      </button>
      <h1 class="top-title">{title}</h1>
      <div class="top-side">{children}</div>
    </header>
  );
}
