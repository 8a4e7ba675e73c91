import { fenced, field, listField, pathOf, show, textField } from "../output.ts";
import { type Plan, must } from "../plan.ts";
import { indexHtml, slugOf, styleCss } from "../site.ts";

/** What a run gave, in words: its value, its lines, or the limit or error it ended at. */
function report(output: unknown): string {
  const parts: string[] = [];
  const error = field(output, "error");
  if (error) {
    const line = textField(error, "line");
    const code = textField(error, "code") ?? "code.failed";
    parts.push(
      `It ended with **${code}**${line ? ` at line ${line}` : ""}: ${textField(error, "userMessage", "message") ?? show(error)}`,
    );
  }
  const value = field(output, "value", "result");
  if (value !== undefined) parts.push(`It returned:\n\n${fenced(show(value), "json")}`);
  const file = field(output, "file");
  if (file) parts.push(`The result is in ${pathOf(file)}.`);
  const logs = listField(field(output, "logs"));
  if (logs.length > 0) {
    const tail = logs.slice(-20).map(String).join("\n");
    parts.push(
      `${logs.length > 20 ? `Last 20 of ${logs.length} lines` : "It printed"}:\n\n${fenced(show(tail), "text")}`,
    );
  }
  const cut = listField(field(output, "truncated"));
  if (cut.length > 0) parts.push(`Cut off: ${cut.map(String).join(", ")}.`);

  return parts.length > 0 ? parts.join("\n\n") : "It ran and returned nothing.";
}

export function* runCode(code: string, say?: string): Plan {
  return report(yield* must("exec_code", { code }, say));
}

/** Prints as it goes, so that the lines can be watched in the task card; with a path it keeps them there. */
export const primesCode = (count: number, path?: string): string => `// The first ${count} primes
const primes = [];
for (let n = 2; primes.length < ${count}; n++) {
  let prime = true;
  for (const p of primes) {
    if (p * p > n) break;
    if (n % p === 0) { prime = false; break; }
  }
  if (prime) primes.push(n);
  if (prime && primes.length % ${Math.max(1, Math.ceil(count / 5))} === 0) console.log(primes.length + " primes, the last is " + n);
}
${path === undefined ? "" : `await FILES.write(${JSON.stringify(path)}, primes.join("\\n") + "\\n");\n`}return primes.length <= 100 ? primes : { count: primes.length, last: primes.at(-1) };`;

/** Reads a file of the person's from inside the isolate. */
export const wordsCode = (path: string): string => `// Count the words of a file
const text = await FILES.readText(${JSON.stringify(path)});
const words = text.toLowerCase().match(/\\p{L}+/gu) ?? [];
const counts = new Map();
for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
return { words: words.length, lines: text.split("\\n").length, mostUsed: Object.fromEntries(top) };`;

/** Searches the whole of a long document, which was saved as Markdown with a heading for each page. */
export const searchCode = (path: string, term: string): string => `// Which pages hold the words
const term = ${JSON.stringify(term.toLowerCase())};
const text = await FILES.readText(${JSON.stringify(path)});
const hits = [];
for (const part of text.split(/^## Page /m).slice(1)) {
  const at = part.toLowerCase().indexOf(term);
  if (at >= 0) hits.push({ page: parseInt(part, 10), text: part.slice(Math.max(0, at - 70), at + term.length + 90) });
}
return hits;`;

/** In TypeScript, with the same tools as the model's: the program waits while a person decides. */
export function publishCode(name: string): string {
  const slug = slugOf(name);
  return `// Write and publish ${name.replaceAll(/\s+/g, " ")}
interface Page { title: string; path: string }
const page: Page = { title: ${JSON.stringify(name)}, path: ${JSON.stringify(`sites/${slug}/index.html`)} };
const html = ${JSON.stringify(indexHtml({ name, about: "what one program can do" }))};
await TOOLS.write_file({ path: page.path, content: html });
await TOOLS.write_file({ path: ${JSON.stringify(`sites/${slug}/style.css`)}, content: ${JSON.stringify(styleCss)} });
console.log("asking to publish " + page.title);
const { url } = await TOOLS.publish_site({ slug: ${JSON.stringify(slug)}, title: page.title });
return { published: url as string };`;
}

export const fetchCode = (url: string): string => `const answer = await fetch(${JSON.stringify(url)});
return { status: answer.status, body: (await answer.text()).slice(0, 200) };`;
