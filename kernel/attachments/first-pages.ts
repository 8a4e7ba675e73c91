/** The first part of a document's Markdown within `maxChars`, cut before a page's heading where there is one. */
export function firstPages(markdown: string, maxChars: number): { text: string; rest: boolean } {
  if (markdown.length <= maxChars) return { text: markdown, rest: false };
  const edge = markdown.lastIndexOf("\n## Page ", maxChars);
  const cut = edge > maxChars / 4 ? edge : maxChars;
  // Not in the middle of a surrogate pair.
  return {
    text: markdown
      .slice(0, cut)
      .replace(/[\ud800-\udbff]$/, "")
      .trimEnd(),
    rest: true,
  };
}
