/** Media types by extension: what a site serves and what a tool tells the model. */
const byExtension = new Map(
  Object.entries({
    html: "text/html",
    htm: "text/html",
    css: "text/css",
    js: "text/javascript",
    mjs: "text/javascript",
    json: "application/json",
    map: "application/json",
    webmanifest: "application/manifest+json",
    txt: "text/plain",
    log: "text/plain",
    md: "text/markdown",
    markdown: "text/markdown",
    csv: "text/csv",
    tsv: "text/tab-separated-values",
    xml: "application/xml",
    yaml: "application/yaml",
    yml: "application/yaml",
    toml: "application/toml",
    ts: "text/x-typescript",
    py: "text/x-python",
    sh: "text/x-shellscript",
    svg: "image/svg+xml",
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    gif: "image/gif",
    webp: "image/webp",
    avif: "image/avif",
    ico: "image/x-icon",
    pdf: "application/pdf",
    zip: "application/zip",
    wasm: "application/wasm",
    mp3: "audio/mpeg",
    wav: "audio/wav",
    mp4: "video/mp4",
    webm: "video/webm",
    woff: "font/woff",
    woff2: "font/woff2",
    ttf: "font/ttf",
    otf: "font/otf",
  }),
);
export const unknownType = "application/octet-stream";

/** By the name alone; `application/octet-stream` when it says nothing. */
export function typeOfName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return (dot < 0 ? undefined : byExtension.get(name.slice(dot + 1).toLowerCase())) ?? unknownType;
}

/** A type as it may stand in a header, without its parameters; null for what is none or says nothing. */
export function cleanType(mediaType: string | undefined): string | null {
  const plain = mediaType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return /^[a-z]{1,30}\/[a-z0-9.+_-]{1,100}$/.test(plain) && plain !== unknownType ? plain : null;
}

const textual = new Set([
  "application/json",
  "application/manifest+json",
  "application/xml",
  "application/yaml",
  "application/toml",
  "image/svg+xml",
]);
/** Whether bytes of this type are text, so that a charset belongs to it. */
export const isTextType = (mediaType: string): boolean => mediaType.startsWith("text/") || textual.has(mediaType);

const starts = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte);
const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

/** What the first bytes themselves say (pdf, png, jpeg, gif, webp, zip, html), or null. A name can lie, these cannot. */
export function sniff(bytes: Uint8Array): string | null {
  // Readers accept a PDF whose header stands anywhere in the first kilobyte.
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (starts(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (starts(bytes, ascii("GIF87a")) || starts(bytes, ascii("GIF89a"))) return "image/gif";
  if (starts(bytes, ascii("RIFF")) && starts(bytes, ascii("WEBP"), 8)) return "image/webp";
  if (starts(bytes, [0x50, 0x4b, 0x03, 0x04]) || starts(bytes, [0x50, 0x4b, 0x05, 0x06])) return "application/zip";
  if (/^(?:\ufeff|ï»¿)?\s*<(?:!doctype\s+html|html|head|body)\b/i.test(head)) return "text/html";
  if (head.includes("%PDF-")) return "application/pdf";
  return null;
}

/** The text when all of it is UTF-8 without NUL, else null: then the bytes are no text for a model. */
export function asText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
