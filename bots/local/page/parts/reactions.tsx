import type { PageMessage } from "../../workspace/page-api.ts";
import { reasonOf } from "../state/session.ts";
import { emojiChar } from "../text/emoji.ts";
import { personOf, shownName, useDeck, type Deck } from "./deck.ts";
import { Menu } from "./menu.tsx";

const offered = ["+1", "eyes", "white_check_mark", "heart", "tada", "-1"];
const glyph = (name: string): string => emojiChar(name) ?? `:${name}:`;

function set({ session }: Pick<Deck, "session">, message: PageMessage, name: string, on: boolean): void {
  session.api.react(message.channel, message.ts, name, on).catch((thrown: unknown) => session.toast(reasonOf(thrown)));
}

/** Reactions under a message; a press adds one's own or takes it away. */
export function Reactions({ message }: { message: PageMessage }) {
  const deck = useDeck();
  const { model, state } = deck;
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return null;
  return (
    <div class="reactions" role="group" aria-label="Reactions">
      {reactions.map(({ name, users }) => {
        const mine = users.includes(model.me);
        const who = users.map((id) => shownName(personOf(state, id))).join(", ");
        return (
          <button
            key={name}
            type="button"
            class={mine ? "reaction mine" : "reaction"}
            aria-pressed={mine}
            title={`${who} reacted with :${name}:`}
            data-testid={`reaction-${name}`}
            onClick={() => set(deck, message, name, !mine)}
          >
            <span aria-hidden="true">{glyph(name)}</span> {users.length}
          </button>
        );
      })}
    </div>
  );
}

/** A few reactions to choose from. */
export function ReactMenu({ message }: { message: PageMessage }) {
  const deck = useDeck();
  const items = offered.map((name) => ({
    label: `${glyph(name)} :${name}:`,
    testId: `react-${name}`,
    onPick: () => {
      const mine = message.reactions?.find((one) => one.name === name)?.users.includes(deck.model.me) ?? false;
      set(deck, message, name, !mine);
    },
  }));
  return <Menu label="React" icon="smile" items={items} testId="react" />;
}
