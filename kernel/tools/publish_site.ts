import { z } from "zod";
import { limits } from "../limits.ts";
import { fileUrl, pictureOf } from "../sites/picture.ts";
import type { SitePlan } from "../sites/types.ts";
import { defineTool } from "./define.ts";
import { code, counted, sizeInWords } from "./words.ts";

const Pinned = z.object({ digest: z.string() });

/** The card's Markdown: every file with its size and what happens to it; past the card's lines, the rest in numbers. */
export function siteCard(plan: SitePlan): string {
  const added = new Set(plan.added);
  const changed = new Set(plan.changed);
  const mark = (path: string): string => (added.has(path) ? "new" : changed.has(path) ? "changed" : "unchanged");
  const moved = plan.files.filter((file) => mark(file.path) !== "unchanged");
  const same = plan.files.filter((file) => mark(file.path) === "unchanged");
  const lines = [
    ...moved.map((file) => `- ${code(file.path)} — ${sizeInWords(file.sizeBytes)}, ${mark(file.path)}`),
    ...plan.removed.map((path) => `- ${code(path)} — removed`),
    ...same.map((file) => `- ${code(file.path)} — ${sizeInWords(file.sizeBytes)}, unchanged`),
  ];
  const shown = lines.slice(0, limits.approval.maxCardLines);
  const rest = lines.length > shown.length ? [`- … and ${counted(lines.length - shown.length, "file")} more`] : [];
  const total = plan.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const sums = `${counted(plan.files.length, "file")}, ${sizeInWords(total)}: ${plan.added.length} new, ${plan.changed.length} changed, ${plan.removed.length} removed.`;
  return [
    `${code(`/sites/${plan.slug}/`)} will be public to anyone with the link.`,
    sums,
    [...shown, ...rest].join("\n"),
  ].join("\n\n");
}

export const publishSite = defineTool({
  name: "publish_site",
  description:
    "Publishes the files under sites/<slug>/ on the web at /sites/<slug>/; index.html is its first page. Write the files first. A person is asked and sees every file. Use relative links; the page runs in a sandbox without cookies or storage. Call again to publish changes.",
  input: z.object({
    slug: z.string().min(1).max(40).describe("Name in the URL: lower-case letters, digits, single dashes."),
    title: z.string().min(1).max(120).optional().describe("What the site is called."),
  }),
  capability: "net.listen",
  risk: "medium",
  command: true,
  consent: "approve",
  title: ({ slug }) => `Publish ${slug}`,
  async prepare({ slug, title }, ctx) {
    const plan = await ctx.sites.plan(slug, title);
    return {
      title: `Publish “${plan.title}” at /sites/${plan.slug}/?`,
      body: siteCard(plan),
      pinned: { digest: plan.digest },
    };
  },
  async run({ slug, title }, ctx, pinned) {
    const { digest } = Pinned.parse(pinned);
    const { publication, url } = await ctx.sites.publish(slug, digest, title);
    const files = publication.files.length;
    const picture = pictureOf(publication.files);
    return {
      output: { url, version: publication.version, files },
      detail: `${url} — version ${publication.version}, ${counted(files, "file")}`,
      events: [
        {
          type: "site.published",
          slug: publication.slug,
          title: publication.title,
          url,
          version: publication.version,
          files,
          ...(picture === null ? {} : { picture: fileUrl(url, picture) }),
        },
      ],
    };
  },
});
