import { createHash } from "node:crypto";
import { build } from "esbuild";
import { icon, shell, terminalFrame } from "./shell.ts";
import { permalinkHash } from "./text/permalink.ts";

const everywhere = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** No inline script, nothing from elsewhere. `style-src` allows no inline either: styles set by script are not inline. */
const policy = [
  ...everywhere,
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "frame-src 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The terminal's frame shows xterm and nothing else, which writes its colours as inline styles. */
const framePolicy = [
  ...everywhere,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'self'",
].join("; ");

interface Asset {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
  policy: string;
}

const asset = (body: Uint8Array | string, type: string, itsPolicy = policy): Asset => {
  const bytes = Uint8Array.from(typeof body === "string" ? Buffer.from(body) : body);
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return { body: bytes, type, etag, policy: itsPolicy };
};

type Bundle = Record<"app.js" | "style.css" | "terminal.js" | "frame.css", Uint8Array>;

/** The page's scripts and styles, bundled in memory; the terminal's apart. Throws esbuild's own error when one does not build. */
async function bundle(): Promise<Bundle> {
  const here = import.meta.dirname;
  const result = await build({
    absWorkingDir: here,
    entryPoints: {
      app: "main.tsx",
      style: "style/all.css",
      terminal: "terminal/main.ts",
      frame: "terminal/frame.css",
    },
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
  const named = (end: keyof Bundle) => {
    const file = result.outputFiles.find((f) => f.path.endsWith(`/${end}`));
    if (file === undefined) throw new Error(`The page did not build ${end}.`);
    return file.contents;
  };
  return {
    "app.js": named("app.js"),
    "style.css": named("style.css"),
    "terminal.js": named("terminal.js"),
    "frame.css": named("frame.css"),
  };
}

/**
 * Bundles the page once and answers for `/`, `/assets/…`, `/terminal/frame` and `/favicon.svg`, and leads a
 * message's permanent address to its place; null for any other path, which is then the workspace's.
 */
export async function pageHandler(): Promise<(request: Request) => Response | null> {
  const built = await bundle();
  const script = "text/javascript; charset=utf-8";
  const style = "text/css; charset=utf-8";
  const assets = new Map<string, Asset>([
    ["/", asset(shell, "text/html; charset=utf-8")],
    ["/assets/app.js", asset(built["app.js"], script)],
    ["/assets/app.css", asset(built["style.css"], style)],
    // Loaded when a terminal is opened for the first time.
    ["/terminal/frame", asset(terminalFrame, "text/html; charset=utf-8", framePolicy)],
    ["/assets/terminal.js", asset(built["terminal.js"], script)],
    ["/assets/terminal.css", asset(built["frame.css"], style)],
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
      "content-security-policy": found.policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    };
    const known = (request.headers.get("if-none-match") ?? "").split(/\s*,\s*/).includes(found.etag);
    if (known) return new Response(null, { status: 304, headers });
    return new Response(request.method === "HEAD" ? null : found.body, { headers });
  };
}
