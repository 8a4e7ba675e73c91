import { KernelError } from "../errors.ts";
import { sha256 } from "../sha256.ts";
import type { FileInfo } from "../files/types.ts";
import type { UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Publication, SiteFile, SitePlan } from "./types.ts";

const maxSlugChars = 40;
const maxTitleChars = 120;

/** A site's name in its URL: lower-case letters, digits and single dashes between them. */
export function checkSlug(slug: string): string {
  if (slug.length <= maxSlugChars && /^[a-z0-9](?:-?[a-z0-9])*$/.test(slug)) return slug;
  throw new KernelError(
    "site.invalid",
    `${JSON.stringify(slug.toWellFormed().slice(0, 60))} cannot be a site's name. Use up to ${maxSlugChars} lower-case letters, digits and single dashes, like my-site.`,
  );
}

export interface PlanState {
  slug: string;
  title: string | undefined;
  user: UserId;
  /** Everything under `sites/<slug>/`, by path. */
  files: readonly FileInfo[];
  /** What is public under this slug now. */
  current: Publication | null;
}

/** What publishing would put on the web, or why it cannot be. Pure but for the hash. */
export async function planSite(state: PlanState): Promise<SitePlan> {
  const slug = checkSlug(state.slug);
  const { current } = state;
  if (current && current.owner !== state.user)
    throw new KernelError("site.taken", `The name ${slug} belongs to somebody else's site. Choose another one.`);
  const files = state.files.map((info) => siteFile(slug, info));
  if (files.length === 0)
    throw new KernelError(
      "site.not_found",
      `There are no files under sites/${slug}/. Write sites/${slug}/index.html first.`,
    );
  if (!files.some((file) => file.path === "index.html"))
    throw new KernelError(
      "site.invalid",
      `sites/${slug}/ has no index.html, so its address would show nothing. Write that file first.`,
    );
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (files.length > limits.site.maxFiles || sizeBytes > limits.site.maxBytes)
    throw new KernelError(
      "site.invalid",
      `sites/${slug}/ has ${files.length} files and ${sizeBytes} bytes; a site may have ${limits.site.maxFiles} files and ${limits.site.maxBytes} bytes.`,
    );
  const title = titleOf(state.title ?? current?.title ?? slug);
  const before = new Map((current?.files ?? []).map((file) => [file.path, file]));
  const after = new Set(files.map((file) => file.path));
  const same = (file: SiteFile): boolean => {
    const old = before.get(file.path);
    return old?.sha256 === file.sha256 && old.mediaType === file.mediaType;
  };
  return {
    slug,
    title,
    files,
    added: files.filter((file) => !before.has(file.path)).map((file) => file.path),
    changed: files.filter((file) => before.has(file.path) && !same(file)).map((file) => file.path),
    removed: [...before.keys()].filter((path) => !after.has(path)),
    // The version that is replaced belongs to it: the card says what is removed, and that must stay true.
    digest: await sha256(JSON.stringify([slug, title, current?.version ?? 0, files])),
  };
}

function siteFile(slug: string, info: FileInfo): SiteFile {
  const { sha256, sizeBytes, mediaType } = info;
  return { path: info.path.slice(`sites/${slug}/`.length), sha256, sizeBytes, mediaType };
}

function titleOf(title: string): string {
  const plain = title
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
  return Array.from(plain).slice(0, maxTitleChars).join("") || "Untitled";
}
