import { createHash } from "node:crypto";
import { build } from "esbuild";
import { icon, shell } from "./shell.ts";
import { permalinkHash } from "./text/permalink.ts";

/** No inline script, nothing from elsewhere. `style-src` allows no inline either: styles set by script are not inline. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

interface Asset {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

const asset = (body: Uint8Array | string, type: string): Asset => {
  const bytes = Uint8Array.from(typeof body === "string" ? Buffer.from(body) : body);
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return { body: bytes, type, etag };
};

/** The page's script and style, bundled in memory. Throws esbuild's own error when the source does not build. */
async function bundle(): Promise<{ script: Uint8Array; style: Uint8Array }> {
  const here = import.meta.dirname;
  const result = await build({
    absWorkingDir: here,
    entryPoints: { app: "main.tsx", style: "style/all.css" },
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    logLevel: "silent",
  });
  const named = (end: string) => {
    const file = result.outputFiles.find((f) => f.path.endsWith(end));
    if (file === undefined) throw new Error(`The page did not build ${end}.`);
    return file.contents;
  };
  return { script: named("app.js"), style: named("style.css") };
}

/**
 * Bundles the page once and answers for `/`, `/assets/app.js`, `/assets/app.css` and `/favicon.svg`, and leads a
 * message's permanent address to its place; null for any other path, which is then the workspace's.
 */
export async function pageHandler(): Promise<(request: Request) => Response | null> {
  const { script, style } = await bundle();
  const assets = new Map<string, Asset>([
    ["/", asset(shell, "text/html; charset=utf-8")],
    ["/assets/app.js", asset(script, "text/javascript; charset=utf-8")],
    ["/assets/app.css", asset(style, "text/css; charset=utf-8")],
    ["/favicon.svg", asset(icon, "image/svg+xml")],
    ["/favicon.ico", asset(icon, "image/svg+xml")],
  ]);
  return (request) => {
    const url = new URL(request.url);
    const found = assets.get(url.pathname);
    if (found === undefined) {
      const place = permalinkHash(url);
      return place === null ? null : new Response(null, { status: 302, headers: { location: `/${place}` } });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Only GET and HEAD.", { status: 405, headers: { allow: "GET, HEAD" } });
    }
    const headers = {
      "content-type": found.type,
      etag: found.etag,
      // The browser keeps it and asks each time: a restart with a new bundle shows at the next load.
      "cache-control": "no-cache",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    };
    const known = (request.headers.get("if-none-match") ?? "").split(/\s*,\s*/).includes(found.etag);
    if (known) return new Response(null, { status: 304, headers });
    return new Response(request.method === "HEAD" ? null : found.body, { headers });
  };
}
