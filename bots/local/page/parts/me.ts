const key = "deckhand.as";

/** Whom the page acts as: the address says it first (two tabs may be two people), then the browser's memory. */
export function storedMe(): string {
  const asked = new URLSearchParams(location.search).get("as") ?? "";
  const id = asked === "" ? (localStorage.getItem(key) ?? "") : asked;
  return /^[A-Z0-9]{2,32}$/.test(id) ? id : "";
}

export function keepMe(id: string): void {
  localStorage.setItem(key, id);
  const url = new URL(location.href);
  url.searchParams.set("as", id);
  history.replaceState(null, "", url);
}
