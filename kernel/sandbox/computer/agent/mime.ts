import { isUtf8 } from "node:buffer";
import { extname } from "node:path";

const byExtension: Record<string, string> = {
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  mjs: "text/javascript",
  ts: "text/x-typescript",
  py: "text/x-python",
  sh: "text/x-shellscript",
  xml: "application/xml",
  json: "application/json",
  yaml: "application/yaml",
  yml: "application/yaml",
  pdf: "application/pdf",
  zip: "application/zip",
  gz: "application/gzip",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
};

/** Told by its first bytes: text is UTF-8 without NUL. A character cut at the end of the bytes is no fault. */
export function isBinary(first: Buffer): boolean {
  if (first.includes(0)) return true;
  return ![0, 1, 2, 3].some((cut) => isUtf8(first.subarray(0, Math.max(0, first.length - cut))));
}

export function mimeType(path: string, binary: boolean): string {
  const known = byExtension[extname(path).slice(1).toLowerCase()];
  return known ?? (binary ? "application/octet-stream" : "text/plain");
}
