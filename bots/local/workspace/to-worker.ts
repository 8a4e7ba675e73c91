import type { Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import { signedHeaders } from "./signature.ts";
import { isInstalled, type World } from "./world.ts";

export type Answered = { ok: true; body: string } | { ok: false; status: number; error: string };

const failed = (status: number, error: string): Answered => ({ ok: false, status, error });
const late = failed(504, "Deckhand did not answer within three seconds. Please try again.");

const removed = failed(404, "Deckhand is not installed in this workspace any more.");
const away = failed(503, "Deckhand could not be reached. Please try again.");

/** A signed form to the Worker, as Slack sends interactions and commands: not repeated, three seconds. */
async function postForm(world: World, url: string | null, form: Record<string, string>): Promise<Answered> {
  if (world.worker.away)
    return failed(503, "Deckhand is being started again, so nobody heard that. Please try again in a moment.");
  if (url === null) return failed(503, "Deckhand is not running, so nobody heard that. Start it and press again.");
  const body = new URLSearchParams(form).toString();
  const timeout = AbortSignal.timeout(bounds.interactionMs * world.setup.patience);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...signedHeaders(world.signingSecret, body, world.signingNow()),
      },
      body,
      signal: timeout,
    });
    const text = await response.text();
    if (response.status === 200) return { ok: true, body: text };
    return failed(502, `Deckhand answered with status ${response.status}. Please try again.`);
  } catch {
    return timeout.aborted ? late : away;
  }
}

async function throughSocket(
  { sockets }: World,
  type: "interactive" | "slash_commands",
  payload: Fields,
): Promise<Answered> {
  const said = await sockets.request({ type, payload });
  if (said.ok) return { ok: true, body: Object.keys(said.payload).length === 0 ? "" : JSON.stringify(said.payload) };
  return said.reason === "timeout" ? late : away;
}

/** A press, a view, a shortcut. */
export async function sendInteraction(world: World, payload: Fields): Promise<Answered> {
  if (!isInstalled(world)) return removed;
  if (world.sockets.live) return throughSocket(world, "interactive", payload);
  return postForm(world, world.worker.actionsUrl, { payload: JSON.stringify(payload) });
}

export async function sendSlashCommand(world: World, form: Record<string, string>): Promise<Answered> {
  if (!isInstalled(world)) return removed;
  if (world.sockets.live) return throughSocket(world, "slash_commands", form);
  return postForm(world, world.worker.commandsUrl, form);
}
