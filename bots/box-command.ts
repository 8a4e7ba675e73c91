import { KernelError, type Outcome } from "../kernel/errors.ts";
import type { UserId } from "../kernel/ids.ts";
import { maxCommandBytes } from "../kernel/sandbox/computer/bindings/names.ts";
import type { CommandResult } from "../kernel/tools/command/command.ts";

export interface BoxCommandParts {
  /** Whose box it is; null when it is nobody's. */
  whose(): Promise<UserId | null>;
  kernel(user: UserId): { boxCommand(order: unknown): Promise<Outcome<CommandResult>> };
}

const plain = (status: number, text: string) => new Response(`${text}\n`, { status });

/**
 * A `deckhand …` command line of a box. From which box it comes has been seen by whoever let it out (the host of jails
 * by its socket, Cloudflare by its container), never said by the box; whose box that is, is known to the box's object.
 */
export async function boxCommand(request: Request, parts: BoxCommandParts): Promise<Response> {
  const owner = await parts.whose();
  if (owner === null) return plain(404, "There is nothing here.");
  if (request.method !== "POST") return plain(405, "Deckhand takes calls by POST.");
  const bytes = await readUpTo(request, maxCommandBytes);
  if (bytes === null) return plain(413, "That call is too large.");
  let order: unknown;
  try {
    order = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return plain(400, "That is no command line.");
  }
  const answer = await parts.kernel(owner).boxCommand(order);
  if (answer.ok) return Response.json(answer.value);
  const { userMessage } = KernelError.from(answer.error);
  return plain(answer.error.code === "input.invalid" ? 400 : 403, userMessage);
}

/** The body, or null when it is longer. */
async function readUpTo(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) return null;
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
