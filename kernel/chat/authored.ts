/** How the model sees who wrote a message: a line of its own before the text, which the author cannot forge the place of. */
export function authored(name: string, text: string): string {
  return `[${name.replaceAll(/[[\]\n\r]/g, " ").trim() || "somebody"} writes]\n${text}`;
}

/** The text with another name in that line, where one is known: messages of some platforms bring only an id. */
export function renamed(text: string, nameOf: (name: string) => string | undefined): string {
  const found = /^\[([^\]\n]*) writes\]\n/.exec(text);
  const name = found?.[1] === undefined ? undefined : nameOf(found[1]);
  return found && name !== undefined ? authored(name, text.slice(found[0].length)) : text;
}

/** The text without that line. */
export function withoutAuthor(text: string): string {
  return text.replace(/^\[[^\]\n]* writes\]\n/, "");
}
