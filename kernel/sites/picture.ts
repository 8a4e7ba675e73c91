import type { SiteFile } from "./types.ts";

/** What chat platforms show; an SVG is a program to some of them. */
const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const maxBytes = 5 * 1024 * 1024;
const named = /(?:^|\/)(?:cover|preview|og|social|hero|banner|screenshot)[^/]*$/i;

/** The path of the picture that stands for a site: one that is named so, else its first; null when it has none. Pure. */
export function pictureOf(files: readonly Pick<SiteFile, "path" | "mediaType" | "sizeBytes">[]): string | null {
  const pictures = files.filter(({ mediaType, sizeBytes }) => shown.has(mediaType) && sizeBytes <= maxBytes);
  return (pictures.find(({ path }) => named.test(path)) ?? pictures[0])?.path ?? null;
}

/** The address of a file of a site. */
export const fileUrl = (siteUrl: string, path: string): string =>
  new URL(path.split("/").map(encodeURIComponent).join("/"), siteUrl).href;
