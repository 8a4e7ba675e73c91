import { listField, pathOf, textField, field } from "../output.ts";
import { type Ask, type Plan, attempt, endAt, must, mustAll, stop } from "../plan.ts";
import type { Result } from "../transcript.ts";
import { indexHtml, retitle, slugOf, styleCss } from "../site.ts";

const unquote = (text: string): string =>
  text
    .trim()
    .replace(/^["“'‘`]|["”'’`]$/g, "")
    .trim();

/** Name and subject out of what follows the word "site". */
export function siteWords(rest: string): { name: string; about: string } {
  const called =
    /\b(?:called|named|titled)\s+(?:["“](?<quoted>[^"”]+)["”]|(?<bare>.+?)(?=\s+(?:about|for|on)\b|[.?!]*$))/i;
  const found = called.exec(rest)?.groups;
  const name = unquote(found?.["quoted"] ?? found?.["bare"] ?? "");
  const about = unquote(
    /\b(?:about|for|on)\s+(?<subject>.+?)(?=[,\s]+(?:called|named|titled)\b|[.?!]*$)/i.exec(rest.replace(called, " "))
      ?.groups?.["subject"] ?? "",
  );
  const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 80);
  const subject = short(about || name || "something new");
  return { name: short(name || subject.charAt(0).toUpperCase() + subject.slice(1)), about: subject };
}

function* publish(slug: string, title: string | undefined, before: string): Plan {
  const result = yield* attempt("publish_site", title === undefined ? { slug } : { slug, title }, {
    waiting: `${before} The card above shows what would be public; nothing is until it is approved.`,
  });
  if (result.state === "denied")
    return `${endAt("publish_site", result)} The files stay in \`sites/${slug}/\`; say “publish the site ${slug}” to ask again.`;
  if (result.state !== "ok") return endAt("publish_site", result);
  const url = textField(result.output, "url") ?? textField(field(result.output, "publication"), "url");
  const version = textField(result.output, "version") ?? textField(field(result.output, "publication"), "version");
  return url
    ? `It is public: [${title ?? slug}](${url})${version ? ` (version ${version})` : ""}. Say “change the title of the site ${slug} to …” to change it.`
    : `It is public under \`/sites/${slug}/\`.`;
}

export function* makeSite(rest: string): Plan {
  const words = siteWords(rest);
  const slug = slugOf(words.name);
  yield* mustAll(
    [
      { tool: "write_file", input: { path: `sites/${slug}/index.html`, content: indexHtml(words) } },
      { tool: "write_file", input: { path: `sites/${slug}/style.css`, content: styleCss } },
    ],
    `I write two files for **${words.name}** under \`sites/${slug}/\` and then ask to publish them.`,
  );
  return yield* publish(slug, words.name, `\`sites/${slug}/\` is written.`);
}

const slugs = (output: unknown): string[] => [
  ...new Set(
    listField(output, "files", "entries")
      .map((entry) => /^sites\/([^/]+)\//.exec(pathOf(entry))?.[1])
      .filter((slug) => slug !== undefined),
  ),
];

/** The site that was named, or the only one there is. */
function* whichSite(named: string | undefined): Generator<Ask, string, Result[]> {
  if (named) return slugOf(unquote(named));
  const found = slugs(yield* must("list_files", { folder: "sites/" }));
  const [only] = found;
  if (only && found.length === 1) return only;
  return stop(
    found.length === 0
      ? "There is no site in your files yet. Say “make a small site called Bread Club about baking”."
      : `Which site? There are ${found.map((slug) => `\`${slug}\``).join(", ")}.`,
  );
}

export function* changeTitle(named: string | undefined, title: string): Plan {
  const slug = yield* whichSite(named);
  const path = `sites/${slug}/index.html`;
  const read = yield* must(
    "read_file",
    { path },
    `I read \`${path}\`, change its title and heading, and ask to publish it.`,
  );
  const html = typeof read === "string" ? read : (textField(read, "content", "text") ?? "");
  const clean = unquote(title).slice(0, 80);
  // A page that came only in part must not be written back.
  const whole = !textField(read, "next") && !textField(read, "note");
  const changed = whole ? retitle(html, clean) : null;
  if (changed === null) return `\`${path}\` has no title or heading that I can change safely, so I left it alone.`;
  const etag = textField(read, "etag");
  yield* must("write_file", { path, content: changed, ...(etag ? { basedOn: etag } : {}) });
  return yield* publish(slug, clean, `\`${path}\` is changed.`);
}

export function* publishSite(named: string | undefined): Plan {
  const slug = yield* whichSite(named);
  return yield* publish(slug, undefined, `I have asked to publish \`sites/${slug}/\`.`);
}

export function* listSites(): Plan {
  const output = yield* must("list_files", { folder: "sites/" });
  const found = slugs(output);
  if (found.length === 0) return "There is no site in your files yet.";
  return `Sites in your files:\n\n${found.map((slug) => `- \`sites/${slug}/\``).join("\n")}\n\nI cannot see from here which of them are public.`;
}
