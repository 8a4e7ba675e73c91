import { segmentFault } from "../files/paths.ts";
import type { Publication, SiteFile } from "./types.ts";

export interface SiteAddress {
  slug: string;
  /** The path below the site, decoded; empty or with a slash at the end for a folder. Null for `/sites/<slug>`. */
  path: string | null;
}

const decoded = (segment: string): string | null => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
};

/** What a URL's path asks for; null when it can name nothing, as with a slash or dots hidden in a segment. Pure. */
export function siteAddress(pathname: string): SiteAddress | null {
  const [empty, sites, slug = "", ...rest] = pathname.split("/");
  if (empty !== "" || sites !== "sites" || !/^[a-z0-9](?:-?[a-z0-9])*$/.test(slug) || slug.length > 40) return null;
  if (rest.length === 0) return { slug, path: null };
  const folder = rest.at(-1) === "";
  const names = (folder ? rest.slice(0, -1) : rest).map(decoded);
  if (names.some((name) => name === null || segmentFault(name) !== null)) return null;
  const path = names.join("/").normalize("NFC");
  return { slug, path: folder && path !== "" ? `${path}/` : path };
}

export type Found = { kind: "file"; file: SiteFile } | { kind: "folder" } | { kind: "none"; page: SiteFile | null };

/** The file of a publication that stands at a path: itself, or a folder's index.html; else the site's own 404.html. */
export function findFile(publication: Publication, path: string): Found {
  const files = new Map(publication.files.map((file) => [file.path, file]));
  const file = files.get(path === "" || path.endsWith("/") ? `${path}index.html` : path);
  if (file) return { kind: "file", file };
  if (files.has(`${path}/index.html`)) return { kind: "folder" };
  return { kind: "none", page: files.get("404.html") ?? null };
}
