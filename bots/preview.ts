import { nothingHere, previewHeader, previewHeaderValue } from "../kernel/sandbox/computer/preview.ts";
import { hostOwner } from "../kernel/sandbox/computer/preview-host.ts";
import type { BoxLabel } from "../kernel/sandbox/computer/preview-label.ts";

/*
 * `https://<port>-<name>-<token>.<host>`: a server in a box, on an origin of its own. Nothing else of the Worker is
 * served on such a host, so no page of a box can reach a control route or a site as its own origin.
 */

/** Headers that tell of who looks, or that only the Worker may set. */
const dropped = /^(?:cf-|x-forwarded-|x-real-ip$|true-client-ip$|x-deckhand-|x-sandbox-)/i;

export function forBox(request: Request, port: number, secret: string): Request {
  const url = new URL(request.url);
  const headers = new Headers([...request.headers].filter(([name]) => !dropped.test(name)));
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  headers.set(previewHeader, previewHeaderValue(port, secret));
  return new Request(request, { headers, redirect: "manual" });
}

/** A cookie stays on the preview's own host: with a domain it would be sent to the Worker and to other previews. */
const ownCookie = (cookie: string) => cookie.replaceAll(/;\s*domain\s*=[^;]*/gi, "");

/** A server knows itself by a name that means something in the box only; where it leads to itself only the path is kept. */
function ownPath(location: string, port: number): string {
  const url = URL.canParse(location) ? new URL(location) : null;
  const own = url?.port === String(port) && /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])$/.test(url.hostname);
  return own ? `${url.pathname}${url.search}${url.hash}` : location;
}

export function fromBox(response: Response, port: number): Response {
  if (response.status === 101) return response;
  const headers = new Headers(response.headers);
  const location = headers.get("location");
  if (location !== null) headers.set("location", ownPath(location, port));
  const cookies = headers.getSetCookie();
  headers.delete("set-cookie");
  for (const cookie of cookies) headers.append("set-cookie", ownCookie(cookie));
  // The link is what opens it: it is not handed on to where the page links to, and nobody indexes it.
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-robots-tag", "noindex");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** Answers a request for a preview; null when it is for the Worker itself. */
export async function preview(
  request: Request,
  publicUrl: string,
  box: ((label: BoxLabel) => { fetch(request: Request): Promise<Response> }) | null,
): Promise<Response | null> {
  const owner = hostOwner(request.url, publicUrl);
  if (owner.of === "worker") return null;
  // What is no link of ours is answered like a link that opens nothing, headers and all.
  if (owner.of === "nobody" || box === null) return fromBox(nothingHere(), 0);
  const { parts } = owner;
  return fromBox(await box(parts.box).fetch(forBox(request, parts.port, parts.secret)), parts.port);
}
