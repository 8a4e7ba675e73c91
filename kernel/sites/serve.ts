import { keys } from "../files/keys.ts";
import { isTextType } from "../files/media-type.ts";
import { rangeOf } from "./range.ts";
import { findFile, siteAddress } from "./resolve.ts";
import { Publication, type SiteFile } from "./types.ts";

/*
 * Sites are pages that a model wrote, on the same host as everything else. `sandbox` gives each an origin of its own
 * that nothing else shares: no cookies, no storage, no service worker. From there even its own files are cross-origin,
 * so modules, fonts and fetch need the open CORS header; what is served is public anyway.
 */
const always = {
  "content-security-policy": "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
  // Asked again each time, so that a change shows on the next load; the ETag makes that cheap.
  "cache-control": "no-cache",
};

const page404 = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not found</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:20vh auto;max-width:28rem;padding:0 1rem;color-scheme:light dark}</style>
<h1>Not found</h1><p>There is no page at this address.</p></html>
`;

const answer = (request: Request, status: number, headers: Record<string, string>, body: BodyInit | null): Response =>
  new Response(request.method === "HEAD" ? null : body, { status, headers: { ...always, ...headers } });

const contentType = (mediaType: string): string => (isTextType(mediaType) ? `${mediaType}; charset=utf-8` : mediaType);

/** Answers GET and HEAD for `/sites/<slug>/…` from R2 alone. */
export async function serveSite(request: Request, bucket: R2Bucket): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return answer(request, 405, { allow: "GET, HEAD", "content-type": "text/plain" }, "Only GET and HEAD.\n");
  const url = new URL(request.url);
  const address = siteAddress(url.pathname);
  const object = address ? await bucket.get(keys.publication(address.slug)) : null;
  if (!address || !object) return notFound(request);
  // A relative address: right behind whatever proxy or port the Worker is reached through.
  if (address.path === null) return redirect(request, `${address.slug}/${url.search}`);
  const publication = Publication.parse(await object.json());
  const found = findFile(publication, address.path);
  if (found.kind === "folder") return redirect(request, `${url.pathname.split("/").at(-1) ?? ""}/${url.search}`);
  if (found.kind === "none")
    return found.page ? whole(request, bucket, publication, found.page, 404) : notFound(request);
  return serveFile(request, bucket, publication, found.file);
}

const redirect = (request: Request, location: string): Response =>
  answer(request, 302, { location: `./${location}` }, null);

const notFound = (request: Request): Response =>
  answer(request, 404, { "content-type": "text/html; charset=utf-8" }, page404);

/** Weak or strong, one of a list, or `*`. */
const names = (header: string | null, etag: string): boolean =>
  header !== null && header.split(",").some((one) => ["*", etag, `W/${etag}`].includes(one.trim()));

async function serveFile(request: Request, bucket: R2Bucket, site: Publication, file: SiteFile): Promise<Response> {
  const etag = `"${file.sha256}"`;
  if (names(request.headers.get("if-none-match"), etag)) return answer(request, 304, { etag }, null);
  const ifRange = request.headers.get("if-range");
  const asked = ifRange === null || ifRange === etag ? request.headers.get("range") : null;
  const range = rangeOf(asked, file.sizeBytes);
  if (range.kind === "whole") return whole(request, bucket, site, file, 200);
  if (range.kind === "none")
    return answer(
      request,
      416,
      { "content-range": `bytes */${file.sizeBytes}`, "content-type": "text/plain" },
      "No such range.\n",
    );
  const { offset, length } = range;
  const headers = {
    ...headersOf(file),
    "content-range": `bytes ${offset}-${offset + length - 1}/${file.sizeBytes}`,
    "content-length": String(length),
  };
  if (request.method === "HEAD") return answer(request, 206, headers, null);
  const object = await bucket.get(keys.content(site.owner, file.sha256), { range: { offset, length } });
  return object ? answer(request, 206, headers, object.body) : notFound(request);
}

async function whole(
  request: Request,
  bucket: R2Bucket,
  site: Publication,
  file: SiteFile,
  status: number,
): Promise<Response> {
  const headers = { ...headersOf(file), "content-length": String(file.sizeBytes) };
  if (request.method === "HEAD") return answer(request, status, headers, null);
  const object = await bucket.get(keys.content(site.owner, file.sha256));
  return object ? answer(request, status, headers, object.body) : notFound(request);
}

const headersOf = (file: SiteFile): Record<string, string> => ({
  "content-type": contentType(file.mediaType),
  etag: `"${file.sha256}"`,
  "accept-ranges": "bytes",
});
