import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";
import { Top } from "./top.tsx";

/** What `npm start` found on and off, and why. */
export function FeaturesPane() {
  const { state } = useDeck();
  return (
    <section class="pane" aria-label="What is on" data-testid="features-pane">
      <Top title="What is on" />
      <div class="page-scroll" tabIndex={0}>
        <div class="page">
          <p class="page-lead">This is what the workspace found when it started. Settings are in the file .env.</p>
          <ul class="features">
            {state.features.map((feature) => (
              <li key={feature.name} class={feature.on ? "feature on" : "feature"}>
                <span class="feature-mark">
                  <Icon name={feature.on ? "check" : "close"} size={14} />
                </span>
                <div>
                  <strong>{feature.name}</strong>
                  <span>{feature.detail}</span>
                </div>
                <span class="feature-state">{feature.on ? "On" : "Off"}</span>
              </li>
            ))}
          </ul>
          {state.features.length === 0 && <p class="nothing">The workspace has not said yet.</p>}
        </div>
      </div>
    </section>
  );
}
