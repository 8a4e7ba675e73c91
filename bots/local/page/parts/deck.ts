import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PagePerson, PageState } from "../../workspace/page-api.ts";
import type { Model } from "../state/model.ts";
import type { Route } from "../state/route.ts";
import type { Session } from "../state/session.ts";
import type { Question } from "./confirm.tsx";

/** What every part of the page may use. */
export interface Deck {
  model: Model;
  state: PageState;
  session: Session;
  route: Route;
  go: (route: Route) => void;
  /** Acts as another person from now on. */
  become: (id: string) => void;
  /** The terminal panel; null where no computer can be reached. */
  terminal: { open: boolean; toggle: () => void } | null;
  /** Asks before something that cannot be undone; true when the reader agrees. */
  confirm: (question: Question) => Promise<boolean>;
}

const Context = createContext<Deck | null>(null);
export const DeckProvider = Context.Provider;

export function useDeck(): Deck {
  const deck = useContext(Context);
  if (deck === null) throw new Error("A part of the page stands outside the deck.");
  return deck;
}

const unknown = (id: string): PagePerson => ({
  id,
  name: id,
  realName: id || "Somebody",
  color: "#7b8794",
  bot: false,
});

export const personOf = (state: PageState, id: string): PagePerson =>
  state.people.find((p) => p.id === id) ?? unknown(id);
export const botOf = (state: PageState): PagePerson => state.people.find((p) => p.bot) ?? unknown("");
export const shownName = (person: PagePerson): string => person.realName || person.name;
