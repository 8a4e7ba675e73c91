import { people } from "../../workspace/seed.ts";

const key = "deckhand.as";
const mayBe = (id: string): boolean => people.some((person) => person.id === id && !person.bot);

/**
 * Whom the page acts as: the address says it first (two tabs may be two people), then the browser's memory. The workspace
 * answers nobody it does not know, so somebody else becomes the first person there is.
 */
export function storedMe(): string {
  const asked = new URLSearchParams(location.search).get("as") ?? "";
  const id = asked === "" ? (localStorage.getItem(key) ?? "") : asked;
  return mayBe(id) ? id : (people.find((person) => !person.bot)?.id ?? "");
}

export function keepMe(id: string): void {
  localStorage.setItem(key, id);
  const url = new URL(location.href);
  url.searchParams.set("as", id);
  history.replaceState(null, "", url);
}
