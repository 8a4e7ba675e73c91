import type { SlackRoute } from "./request.ts";
import { sign } from "./signature.ts";

/** One envelope of Socket Mode, as Slack's client hands it on. */
export interface SocketEnvelope {
  /** `events_api`, `interactive`, `slash_commands`; others come without notice. */
  type: string;
  body: Record<string, unknown>;
  retry_num?: number | undefined;
  retry_reason?: string | undefined;
}

export interface ForwardOptions {
  /** Where the Worker is reached. */
  workerUrl: string;
  signingSecret: string;
  timeoutMs: number;
  now?: () => number;
  fetch?: typeof fetch;
}

/** What to acknowledge with, or why it must not be acknowledged: then Slack sends it again. */
export type Forwarded = { taken: true; payload: Record<string, unknown> } | { taken: false; why: string };

const routes: Record<string, SlackRoute> = {
  events_api: "events",
  interactive: "actions",
  slash_commands: "commands",
};

/** The request that Slack itself would have sent. */
function requestOf(route: SlackRoute, { body }: SocketEnvelope): { text: string; contentType: string } {
  if (route === "events") return { text: JSON.stringify(body), contentType: "application/json" };
  const fields =
    route === "actions"
      ? { payload: JSON.stringify(body) }
      : Object.fromEntries(Object.entries(body).map(([name, value]) => [name, asField(value)]));
  return { text: new URLSearchParams(fields).toString(), contentType: "application/x-www-form-urlencoded" };
}
const asField = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

async function payloadOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (text === "") return {};
  if (!(response.headers.get("content-type") ?? "").includes("json")) return { text };
  const body: unknown = JSON.parse(text);
  return typeof body === "object" && body !== null ? { ...body } : {};
}

/** Brings one envelope to the Worker by the same way as Slack's own requests, signed in the same manner. */
export async function forward(envelope: SocketEnvelope, options: ForwardOptions): Promise<Forwarded> {
  const route = routes[envelope.type];
  // What nobody here knows would only come again.
  if (route === undefined) return { taken: true, payload: {} };
  const { text, contentType } = requestOf(route, envelope);
  const retry = envelope.retry_num ?? 0;
  const send = options.fetch ?? fetch;
  try {
    const response = await send(new URL(`/slack/${route}`, options.workerUrl), {
      method: "POST",
      body: text,
      redirect: "manual",
      headers: {
        "content-type": contentType,
        ...(await sign(options.signingSecret, text, (options.now ?? Date.now)())),
        ...(retry > 0
          ? { "x-slack-retry-num": String(retry), "x-slack-retry-reason": envelope.retry_reason ?? "timeout" }
          : {}),
      },
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    if (response.status === 200) return { taken: true, payload: await payloadOf(response) };
    await response.body?.cancel();
    const hint = response.status === 401 ? ": SLACK_SIGNING_SECRET is another one here than there" : "";
    return { taken: false, why: `the Worker answered ${response.status}${hint}` };
  } catch (thrown) {
    const late = thrown instanceof DOMException && thrown.name === "TimeoutError";
    return { taken: false, why: late ? "the Worker did not answer in time" : "the Worker could not be reached" };
  }
}
