import { slackIds } from "../adapters/slack/ids.ts";
import { slackId } from "../adapters/slack/payloads.ts";
import type { UserId } from "../kernel/ids.ts";
import type { Outcome } from "../kernel/errors.ts";
import type { BoxLabel } from "../kernel/sandbox/computer/preview-label.ts";
import { terminalHeader, terminalHeaderValue, TerminalSize } from "../kernel/sandbox/computer/terminal.ts";
import { BoxName } from "../kernel/sandbox/computer/types.ts";
import { signatureOf } from "./slack/signature.ts";

export interface TerminalOrder extends TerminalSize {
  user: UserId;
  box: BoxName;
}

const path = "/local/terminal/";
const Asked = TerminalSize.extend({ team: slackId, user: slackId, box: BoxName });

/**
 * A person's shell in their own computer, as the local workspace asks for it: signed with the secret that only the two
 * have, of now, and never from a page (a browser always names its origin). Null for everybody else, who is told that
 * there is nothing.
 */
export async function readTerminal(
  request: Request,
  { local, signingSecret, now }: { local: boolean; signingSecret: string; now: number },
): Promise<TerminalOrder | null> {
  const url = new URL(request.url);
  const { headers } = request;
  if (!local || signingSecret === "" || headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
  if (!url.pathname.startsWith(path) || headers.has("origin")) return null;
  const signed = new TextEncoder().encode(`GET ${url.pathname}${url.search}`);
  if (!(await signatureOf(signingSecret)(headers, signed, now))) return null;
  const asked = Asked.safeParse({ ...Object.fromEntries(url.searchParams), box: url.pathname.slice(path.length) });
  if (!asked.success) return null;
  const { team, user, ...rest } = asked.data;
  return { user: slackIds.user(team, user), ...rest };
}

/** Hands the WebSocket on to the box's object, once the person's Kernel has said which that is. */
export async function openTerminal(
  request: Request,
  { user, box, ...size }: TerminalOrder,
  parts: {
    kernel: { openTerminal(name: BoxName): Promise<Outcome<BoxLabel>> };
    object: (label: BoxLabel) => { fetch(request: Request): Promise<Response> };
  },
): Promise<Response> {
  const opened = await parts.kernel.openTerminal(box);
  if (!opened.ok) return new Response(`${opened.error.userMessage}\n`, { status: 503 });
  const headers = new Headers(request.headers);
  headers.set(terminalHeader, terminalHeaderValue(user, size));
  return parts.object(opened.value).fetch(new Request(request, { headers }));
}
