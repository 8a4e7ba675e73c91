import { fenced, gist, type Page, pagesOf, show, textField } from "../output.ts";
import { type Plan, attempt, endAt } from "../plan.ts";
import type { Attached, Result, Transcript } from "../transcript.ts";

const maxFiles = 5;
const maxPagesShown = 12;

export type Question = { kind: "summary" } | { kind: "mentions"; term: string } | { kind: "look" };

const isPicture = (file: Attached): boolean =>
  file.mediaType.startsWith("image/") || /\.(png|jpe?g|gif|webp|heic)$/i.test(file.path);

/** Files a question is about: one named by its path, or those that came with the message, or the newest before it. */
function about(words: string, transcript: Transcript): Attached[] {
  const named = /\b(?:home|uploads|sites|thread)\/\S*[^\s.,;:!?"”'`)]/.exec(words)?.[0];
  return named ? [{ path: named, mediaType: "" }] : transcript.attached.slice(0, maxFiles);
}

function mentions(pages: Page[], term: string): string {
  const hits = pages.flatMap(({ page, text }) => {
    const at = text.toLowerCase().indexOf(term.toLowerCase());
    if (at < 0) return [];
    const around = text.slice(Math.max(0, at - 70), at + term.length + 90);
    return [`- **page ${page}**: … ${gist(around, 180)} …`];
  });
  if (hits.length === 0) return `“${term}” is on none of its ${pages.length} pages.`;
  return `“${term}” is on ${hits.length === 1 ? "one page" : `${hits.length} pages`}:\n\n${hits.slice(0, maxPagesShown).join("\n")}`;
}

function summary(pages: Page[]): string {
  const shown = pages
    .slice(0, maxPagesShown)
    .map(({ page, text }) => `- **page ${page}**: ${gist(text) || "(no text)"}`);
  const rest = pages.length - shown.length;
  return `It has ${pages.length} ${pages.length === 1 ? "page" : "pages"} of text. They begin:\n\n${shown.join("\n")}${rest > 0 ? `\n- … and ${rest} more pages` : ""}`;
}

const noEyes =
  "I have no eyes: the rehearsal model cannot see pictures, so I cannot say what is on it. A model that can is set with MODEL or a key.";

function answer(file: Attached, result: Result, question: Question): string {
  const title = `**${file.path.split("/").at(-1)}**`;
  if (result.state !== "ok") return `${title}: ${endAt("process_attachment", result)}`;
  const pages = pagesOf(result.output).filter(({ text }) => text !== "");
  const picture = isPicture(file) || textField(result.output, "kind", "type") === "image";
  if (picture && (question.kind === "look" || pages.length === 0)) {
    const said = textField(result.output, "note", "message", "text", "markdown");
    return `${title}: ${noEyes} ${said ? `What the tool says of it:\n\n${fenced(show(said, 600))}` : ""}`.trim();
  }
  if (pages.length === 0)
    return `${title} holds no text that I could read. ${textField(result.output, "note", "message") ?? ""}`.trim();
  const notes = ["note", "cut"].map((name) => textField(result.output, name) ?? "").filter((note) => note !== "");
  const cut = notes.length > 0 ? `\n\n${notes.join(" ")}` : "";
  const words = question.kind === "mentions" ? mentions(pages, question.term) : summary(pages);
  return `${title}: ${words}${cut}`;
}

export function* readDocuments(words: string, transcript: Transcript, question: Question): Plan {
  const files = about(words, transcript);
  if (files.length === 0 && transcript.refused.length > 0)
    return `I did not get the file:\n\n${transcript.refused.map((line) => `- ${line}`).join("\n")}`;
  if (files.length === 0)
    return "There is no file with your message or before it in this thread. Drop a PDF or a picture here and ask again.";
  const parts: string[] = [];
  // One after the other, so that each is a card of its own and a bad file does not hide the good ones.
  for (const file of files)
    parts.push(answer(file, yield* attempt("process_attachment", { path: file.path }), question));
  const more = transcript.attached.length - files.length;
  if (more > 0 && files.length === maxFiles)
    parts.push(`I looked at the first ${maxFiles} files only; ${more} more are left.`);
  return parts.join("\n\n");
}
