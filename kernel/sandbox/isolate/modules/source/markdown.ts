import { marked } from "marked";

/** HTML of Markdown (GitHub's kind). HTML inside of it is passed on as it is. */
export function toHtml(text: string): string {
  return marked.parse(text, { async: false, gfm: true });
}
