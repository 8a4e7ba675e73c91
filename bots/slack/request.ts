import { ours } from "../../adapters/slack/limits.ts";

/** Which of the app's three request URLs was called. */
export type SlackRoute = "events" | "actions" | "commands";

/** A request that is Slack's, decoded: what Bolt's `processEvent` takes. */
export interface Incoming {
  route: SlackRoute;
  body: Record<string, unknown>;
  retryNum: number | undefined;
  retryReason: string | undefined;
}

/** The body's bytes, or null when there are more than we take. */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length") ?? 0) > ours.requestBytes) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > ours.requestBytes) return null;
    parts.push(part);
  }
  if (parts.length === 1 && parts[0]) return parts[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function decode(route: SlackRoute, text: string): Record<string, unknown> | null {
  try {
    const form = route === "events" ? null : Object.fromEntries(new URLSearchParams(text));
    if (route === "commands")
      return form?.["command"] === undefined && form?.["ssl_check"] === undefined ? null : (form ?? null);
    const body: unknown = JSON.parse(form === null ? text : (form["payload"] ?? ""));
    return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const refuse = (status: number, why: string): Response => new Response(`${why}\n`, { status });

/**
 * Reads one request: 413 when it is too large, 401 when it is not Slack's, 400 when it is no JSON or no form; the
 * answer to Slack's own checks of the URL; else what it says.
 */
export async function readSlackRequest(
  request: Request,
  route: SlackRoute,
  verify: (headers: Headers, body: Uint8Array, now: number) => Promise<boolean>,
  now: number,
): Promise<Response | Incoming> {
  const bytes = await readBytes(request);
  if (bytes === null) return refuse(413, "The body is too large.");
  if (!(await verify(request.headers, bytes, now)))
    return refuse(401, "This request is not signed by Slack, or too old.");
  const body = decode(route, new TextDecoder().decode(bytes));
  if (body === null) return refuse(400, route === "events" ? "The body is not JSON." : "The body is not Slack's form.");
  if (route === "events" && body["type"] === "url_verification") return Response.json({ challenge: body["challenge"] });
  if (body["ssl_check"] !== undefined) return new Response(null, { status: 200 });
  const retry = request.headers.get("x-slack-retry-num");
  return {
    route,
    body,
    retryNum: retry === null ? undefined : Number(retry),
    retryReason: request.headers.get("x-slack-retry-reason") ?? undefined,
  };
}
