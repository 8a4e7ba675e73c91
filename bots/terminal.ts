import { z } from "zod";
import { slackIds } from "../adapters/slack/ids.ts";
import { slackId } from "../adapters/slack/payloads.ts";
import type { UserId } from "../kernel/ids.ts";
import { BoxName } from "../kernel/sandbox/computer/types.ts";
import { signatureOf } from "./slack/signature.ts";

export interface TerminalOrder {
  user: UserId;
  box: BoxName;
  cols: number;
  rows: number;
}

const path = "/local/terminal/";
const side = z.coerce.number().int().min(2).max(500);
const Asked = z.object({ team: slackId, user: slackId, box: BoxName, cols: side, rows: side });

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
