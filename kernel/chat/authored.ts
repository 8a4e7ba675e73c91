/** How the model sees who wrote a message: a line of its own before the text, which the author cannot forge the place of. */
export function authored(name: string, text: string): string {
  return `[${name.replaceAll(/[[\]\n\r]/g, " ").trim() || "somebody"} writes]\n${text}`;
}

/** The text without that line. */
export function withoutAuthor(text: string): string {
  return text.replace(/^\[[^\]\n]* writes\]\n/, "");
}
