import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

export function Toasts() {
  const { model, session } = useDeck();
  return (
    <div class="toasts" role="alert" aria-live="assertive">
      {model.toasts.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`} data-testid="toast">
          <Icon name={toast.tone === "error" ? "alert" : "check"} />
          <span>{toast.text}</span>
          <button
            type="button"
            class="icon-button"
            aria-label="Dismiss"
            onClick={() => session.dispatch({ type: "untoast", id: toast.id })}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
