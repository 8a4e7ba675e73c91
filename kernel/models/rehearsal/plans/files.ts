import { fenced, listField, pathOf, show, textField } from "../output.ts";
import { type Plan, attempt, endAt, must } from "../plan.ts";

const bare = (text: string): string =>
  text
    .trim()
    .replace(/^[`"“'‘<]+|[`"”'’>]+$/g, "")
    .trim();

/** A bare name is meant to be in `home/`; anything with a slash is taken as it is, so that refusals can be tried. */
export const pathIn = (text: string): string => {
  const path = bare(text);
  return path.includes("/") || path.includes("\\") || path.includes("..") ? path : `home/${path}`;
};

export function* writeFile(where: string, text: string): Plan {
  const path = pathIn(where);
  const content = bare(text);
  yield* must("write_file", { path, content: `${content}\n` });
  return `Written to \`${path}\` (${content.length + 1} characters). Say “read file ${path}” to see it.`;
}

/** Adds a line to `home/notes.md`. */
export function* takeNote(text: string): Plan {
  const path = "home/notes.md";
  const read = yield* attempt("read_file", { path });
  if (read.state !== "ok" && !(read.state === "error" && read.code === "file.not_found"))
    return endAt("read_file", read);
  if (read.state === "ok" && textField(read.output, "next", "note"))
    return `\`${path}\` is too long for me to add to. Move it away and note again.`;
  const etag = read.state === "ok" ? textField(read.output, "etag") : undefined;
  const before = read.state === "ok" ? contentOf(read.output).replace(/\n*$/, "\n") : "# Notes\n\n";
  yield* must("write_file", { path, content: `${before}- ${bare(text)}\n`, ...(etag ? { basedOn: etag } : {}) });
  return `Noted in \`${path}\`.`;
}

const contentOf = (output: unknown): string =>
  typeof output === "string" ? output : (textField(output, "content", "text") ?? show(output));

export function* readFile(which: string): Plan {
  const path = pathIn(which);
  const output = yield* must("read_file", { path });
  const note = textField(output, "note");
  if (textField(output, "content", "text") === undefined && note) return `\`${path}\`: ${note}`;
  const more = textField(output, "next") ? `\n\nThat is only ${textField(output, "range") ?? "its beginning"}.` : "";
  return `\`${path}\` says:\n\n${fenced(show(contentOf(output), 3000))}${more}`;
}

const size = (entry: unknown): string => {
  const bytes = textField(entry, "sizeBytes", "size", "bytes");
  return bytes === undefined ? "" : ` (${bytes} bytes)`;
};

const shown = 60;
const lines = (entries: unknown[]): string =>
  entries
    .slice(0, shown)
    .map((entry) => `- \`${pathOf(entry)}\`${size(entry)}`)
    .concat(entries.length > shown ? [`- … and ${entries.length - shown} more`] : [])
    .join("\n");

export function* listFiles(folder: string | undefined): Plan {
  const name = folder ? bare(folder) : "";
  const output = yield* must("list_files", name === "" ? {} : { folder: name });
  const files = listField(output, "files", "entries");
  if (files.length === 0) return name === "" ? "You have no files yet." : `There are no files under \`${name}\`.`;
  const more = textField(output, "cursor") ? "+" : "";
  return `${files.length}${more} ${files.length === 1 ? "file" : "files"}:\n\n${lines(files)}`;
}

export function* findFiles(query: { glob?: string; text?: string }): Plan {
  const output = yield* must("find_files", query);
  const found = listField(output, "matches", "files", "found");
  const wanted = query.text === undefined ? `matching \`${query.glob}\`` : `holding “${query.text}”`;
  if (found.length === 0) return `No files ${wanted}.`;
  const hits = found.slice(0, shown).map((hit) => {
    const line = textField(hit, "line");
    const excerpt = textField(hit, "excerpt");
    return `- \`${pathOf(hit)}\`${line ? ` line ${line}` : ""}${excerpt ? `: ${show(excerpt, 160)}` : ""}`;
  });
  return `${found.length} ${wanted}:\n\n${hits.join("\n")}`;
}

export const globOf = (wanted: string): string => {
  const text = bare(wanted);
  return /[*?/]/.test(text) ? text : `**/*${text}*`;
};

export function* postFile(which: string): Plan {
  const path = pathIn(which);
  yield* must("post_file", { path, comment: `Here is ${path}.` });
  return `\`${path}\` is in this thread.`;
}

export function* moveFile(from: string, to: string): Plan {
  const input = { from: pathIn(from), to: pathIn(to) };
  yield* must("move_file", input);
  return `Moved \`${input.from}\` to \`${input.to}\`.`;
}

export function* deleteFile(which: string): Plan {
  const path = pathIn(which);
  const result = yield* attempt(
    "delete_file",
    { path },
    { waiting: `I have asked to delete \`${path}\`. It stays until that is approved on the card above.` },
  );
  return result.state === "ok" ? `Deleted \`${path}\`.` : endAt("delete_file", result);
}
