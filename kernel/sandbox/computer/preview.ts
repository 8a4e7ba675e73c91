import { KernelError } from "../../errors.ts";
import { sameText } from "../../same-text.ts";
import type { PortGrant } from "./box-port.ts";
import { PortSecret, Port } from "./preview-label.ts";

/*
 * A preview as the box's object serves it. The Worker has read port and secret off the host name and says them in a
 * header; whether they open anything is decided here, where the grants are.
 */

/** Set by the Worker alone: it is taken off what comes from outside. */
export const previewHeader = "x-deckhand-preview";
export const previewHeaderValue = (port: number, secret: string): string => `${port} ${secret}`;

export function readPreviewHeader(value: string | null): { port: number; secret: PortSecret } | null {
  const [port, secret, ...rest] = (value ?? "").split(" ");
  const [read, key] = [Port.safeParse(Number(port)), PortSecret.safeParse(secret)];
  return rest.length === 0 && read.success && key.success ? { port: read.data, secret: key.data } : null;
}

const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What a grant keeps of a secret. */
export const hashOf = async (secret: PortSecret): Promise<string> =>
  hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));

/**
 * The port a request may reach, or null. A wrong secret, a revoked or expired grant and a port nobody opened take the
 * same steps.
 */
export function allowedPort(
  grants: readonly PortGrant[],
  asked: { port: number; secretHash: string },
  now: number,
): number | null {
  let found: number | null = null;
  const nobody: PortGrant = { port: -1, secretHash: "0".repeat(64), expiresAt: 0 };
  for (const grant of grants.length === 0 ? [nobody] : grants) {
    const right = sameText(grant.secretHash, asked.secretHash);
    if (right && grant.port === asked.port && grant.expiresAt > now) found = grant.port;
  }
  return found;
}

/** What the Worker says wherever there is nothing. */
export const nothingHere = (): Response => new Response("There is nothing here.\n", { status: 404 });

export interface PreviewDeps {
  grants(): readonly PortGrant[];
  now(): number;
  /** Whether the box is awake. A look at a link wakes nothing: what served it is gone by then. */
  running(): boolean;
  forward(request: Request, port: number): Promise<Response>;
}

const plain = (status: number, text: string) =>
  new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" } });

export async function servePreview(request: Request, deps: PreviewDeps): Promise<Response> {
  const asked = readPreviewHeader(request.headers.get(previewHeader));
  if (asked === null) return nothingHere();
  const port = allowedPort(deps.grants(), { port: asked.port, secretHash: await hashOf(asked.secret) }, deps.now());
  if (port === null) return nothingHere();
  if (!deps.running()) {
    return plain(503, "This computer sleeps, and what served this page has ended. Ask for it in the thread again.\n");
  }
  const headers = new Headers(request.headers);
  headers.delete(previewHeader);
  try {
    return await deps.forward(new Request(request, { headers }), port);
  } catch (thrown) {
    const asleep = thrown instanceof KernelError && thrown.code === "computer.unavailable";
    return asleep ? plain(503, `${thrown.userMessage}\n`) : plain(502, `Nothing answers on port ${port} yet.\n`);
  }
}
