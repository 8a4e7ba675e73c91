import { field, gist, listField, type Page, pagesOf, textField } from "../output.ts";
import { type Ask, type Plan, attempt, endAt, must } from "../plan.ts";
import type { Attached, Result, Transcript } from "../transcript.ts";
import { searchCode } from "./code.ts";

const maxFiles = 5;
const maxPagesShown = 12;

export type Question = { kind: "summary" } | { kind: "mentions"; term: string } | { kind: "look" };

const isPicture = (file: Attached, output: unknown): boolean =>
  (textField(output, "mediaType") ?? file.mediaType).startsWith("image/") ||
  /\.(png|jpe?g|gif|webp|heic)$/i.test(file.path);

/** Files a question is about: one named by its path, or those that came with the message, or the newest before it. */
function about(words: string, transcript: Transcript): Attached[] {
  const named = /\b(?:home|uploads|sites|thread)\/\S*[^\s.,;:!?"”'`)]/.exec(words)?.[0];
  return named ? [{ path: named, mediaType: "" }] : transcript.attached.slice(0, maxFiles);
}

/** Where a term stands, each with the words around it. */
function placesOf(pages: Page[], term: string): Page[] {
  return pages.flatMap(({ page, text }) => {
    const at = text.toLowerCase().indexOf(term.toLowerCase());
    return at < 0 ? [] : [{ page, text: text.slice(Math.max(0, at - 70), at + term.length + 90) }];
  });
}

function mentions(hits: Page[], term: string): string {
  if (hits.length === 0) return `“${term}” is on none of its pages.`;
  const lines = hits.slice(0, maxPagesShown).map(({ page, text }) => `- **page ${page}**: … ${gist(text, 180)} …`);
  return `“${term}” is on ${hits.length === 1 ? "one page" : `${hits.length} pages`}:\n\n${lines.join("\n")}`;
}

function summary(pages: Page[], output: unknown): string {
  const all = textField(output, "pages") ?? String(pages.length);
  const shown = pages.slice(0, maxPagesShown).map(({ page, text }) => `- **page ${page}**: ${gist(text)}`);
  const rest = pages.length - shown.length;
  return `It has ${all} ${all === "1" ? "page" : "pages"}. This is how they begin:\n\n${shown.join("\n")}${rest > 0 ? `\n- … and ${rest} more` : ""}`;
}

const noEyes =
  "I have no eyes: the rehearsal model cannot see pictures. A model that can is set with a key or MODEL in `.env`.";

/** What a reader must know of how far the reading went. */
function caveats(output: unknown): string {
  const blank = listField(field(output, "pagesWithoutText")).map(String);
  const saved = textField(output, "savedAs");
  const said = [
    ...listField(field(output, "notes"))
      .map(String)
      .filter((note) => note.startsWith("Only ")),
    ...(saved ? [`The whole text is in \`${saved}\`.`] : []),
    ...(blank.length > 0
      ? [
          `${blank.length === 1 ? "Page" : "Pages"} ${blank.slice(0, 20).join(", ")} ${blank.length === 1 ? "has" : "have"} no text layer and may be a scan. ${noEyes}`,
        ]
      : []),
  ];
  return said.length > 0 ? `\n\n${said.join(" ")}` : "";
}

const plainText = (text: string, question: Question): string => {
  if (question.kind !== "mentions") return `It begins: ${gist(text, 500) || "(nothing)"}`;
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.toLowerCase().includes(question.term.toLowerCase()));
  return at < 0
    ? `“${question.term}” is not in it.`
    : `“${question.term}” is first on **line ${at + 1}**: ${gist(lines[at] ?? "", 180)}`;
};

/** One file: read by the tool, answered from what the tool gave. */
function* answer(file: Attached, question: Question): Generator<Ask, string, Result[]> {
  const title = `**${file.path.split("/").at(-1)}**`;
  const result = yield* attempt("process_attachment", { path: file.path });
  if (result.state !== "ok") return `${title}: ${endAt("process_attachment", result)}`;
  const { output } = result;
  if (isPicture(file, output)) return `${title}: ${noEyes} So I cannot say what is on it.`;
  const text = typeof output === "string" ? output : (textField(output, "text", "markdown") ?? "");
  const pages = pagesOf(text);
  const saved = textField(output, "savedAs");
  if (pages.length === 0 && field(output, "pages") !== undefined)
    return `${title} holds no text that I could read.${caveats(output)}`;
  if (pages.length === 0) return `${title}: ${plainText(text, question)}`;
  if (question.kind !== "mentions") return `${title}: ${summary(pages, output)}${caveats(output)}`;
  if (!saved) return `${title}: ${mentions(placesOf(pages, question.term), question.term)}${caveats(output)}`;
  // A long document comes only in part: the rest is searched where the tool saved it.
  const search = yield* must("exec_code", { code: searchCode(saved, question.term) });
  const error = field(search, "error");
  if (error)
    return `${title}: the search did not end well: ${textField(error, "code")}: ${textField(error, "message")}`;
  const hits = listField(field(search, "value")).map((hit) => ({
    page: Number(field(hit, "page")),
    text: textField(hit, "text") ?? "",
  }));
  return `${title}: ${mentions(hits, question.term)}${caveats(output)}`;
}

export function* readDocuments(words: string, transcript: Transcript, question: Question): Plan {
  const files = about(words, transcript);
  if (files.length === 0 && transcript.refused.length > 0)
    return `I did not get the file:\n\n${transcript.refused.map((line) => `- ${line}`).join("\n")}`;
  if (files.length === 0)
    return "There is no file with your message or before it in this thread. Drop a PDF or a picture here and ask again.";
  const parts: string[] = [];
  // One after the other, so that each is a card of its own and a bad file does not hide the good ones.
  for (const file of files) parts.push(yield* answer(file, question));
  const more = transcript.attached.length - files.length;
  if (more > 0 && files.length === maxFiles)
    parts.push(`I looked at the first ${maxFiles} files only; ${more} more are left.`);
  return parts.join("\n\n");
}
