import { useEffect } from "preact/hooks";
import { Blocks } from "../blocks/blocks.tsx";
import { botOf, shownName, useDeck } from "./deck.ts";
import { Logo } from "./logo.tsx";
import { Top } from "./top.tsx";

/** The App Home of Deckhand, as this person sees it. */
export function HomePane() {
  const { model, session, state } = useDeck();
  useEffect(() => session.needHome(), [model.me]);
  const { loaded, blocks } = model.home;
  const name = shownName(botOf(state));
  return (
    <section class="pane" aria-label="Home" data-testid="home-pane">
      <Top title="Home" />
      <div class="page-scroll" tabIndex={0}>
        <div class="page">
          {blocks !== null && blocks.length > 0 ? (
            <Blocks blocks={blocks} channel="" ts="" />
          ) : (
            loaded && (
              <div class="empty">
                <Logo size={56} />
                <h2>{name} has not set up its Home yet</h2>
                <p>
                  Threads, sites and what waits for your decision will be listed here. Until then, say hello in a
                  channel.
                </p>
              </div>
            )
          )}
        </div>
      </div>
    </section>
  );
}
