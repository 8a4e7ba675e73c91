import { SocketModeClient } from "@slack/socket-mode";
import { LogLevel } from "@slack/bolt";
import { z } from "zod";
import type { SocketEnv } from "./socket-env.ts";
import { forward, type SocketEnvelope } from "./socket-forward.ts";
import type { Connection } from "./socket-loop.ts";

/** Envelopes under way at once; Slack sends again what is not acknowledged. */
const maxInFlight = 100;
/** Slack waits three seconds. What arrives later is stored all the same, and known when it comes again. */
const forwardMs = 10_000;
const openMs = 15_000;

const Envelope = z.looseObject({
  type: z.string(),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().nullish(),
  retry_reason: z.string().nullish(),
  accepts_response_payload: z.boolean().nullish(),
});
const Ack = z.object({
  ack: z.custom<(payload?: Record<string, unknown>) => Promise<void>>((given) => typeof given === "function"),
});

/** Slack's words for a token that will not be taken by trying again. */
const hopeless = new Set([
  "not_authed",
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "not_allowed_token_type",
  "missing_scope",
  "forbidden_team",
  "team_disabled",
  "user_removed_from_team",
]);
const Refusal = z.object({ data: z.object({ error: z.string() }) });

/** Slack's own word, when it said no. */
export function slackCode(thrown: unknown): string | null {
  const read = Refusal.safeParse(thrown);
  return read.success && /^[a-z_]{1,60}$/.test(read.data.data.error) ? read.data.data.error : null;
}
export const isHopeless = (thrown: unknown): boolean => hopeless.has(slackCode(thrown) ?? "");

/** The app's end of Socket Mode: what comes is brought to the Worker, and acknowledged when that has taken it. */
export function socketClient(env: SocketEnv, say: (text: string) => void) {
  const quiet = (): void => {};
  const client = new SocketModeClient({
    appToken: env.appToken,
    // Its own way of connecting again gives up when the network is away.
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: env.apiUrl, retryConfig: { retries: 0 }, timeout: openMs },
    logger: {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: quiet,
      setLevel: quiet,
      setName: quiet,
      getLevel: () => LogLevel.ERROR,
    },
  });
  const inFlight = new Set<Promise<void>>();
  let taking = true;

  async function take(envelope: SocketEnvelope, answers: boolean, ack: z.infer<typeof Ack>["ack"]): Promise<void> {
    const to = { workerUrl: env.workerUrl, signingSecret: env.signingSecret, timeoutMs: forwardMs };
    const result = await forward(envelope, to);
    if (!result.taken) return say(`Not acknowledged (${envelope.type}): ${result.why}. Slack sends it again.`);
    // The connection may have gone meanwhile; then Slack sends it again, and the Worker knows it.
    await (answers ? ack(result.payload) : ack()).catch(() => say(`The acknowledgement did not reach Slack.`));
  }

  client.on("slack_event", (given: unknown) => {
    const envelope = Envelope.safeParse(given);
    const ack = Ack.safeParse(given);
    if (!envelope.success || !ack.success || !taking) return;
    if (inFlight.size >= maxInFlight) return say("Too much at once: not acknowledged, Slack sends it again.");
    const { type, body, accepts_response_payload: answers } = envelope.data;
    const retry = { retry_num: envelope.data.retry_num ?? 0, retry_reason: envelope.data.retry_reason ?? undefined };
    const work = take({ type, body, ...retry }, answers === true, ack.data.ack)
      .catch((thrown: unknown) => say(`Forwarding failed: ${thrown instanceof Error ? thrown.name : "unknown"}.`))
      .finally(() => inFlight.delete(work));
    inFlight.add(work);
  });

  return {
    async open(): Promise<Connection> {
      const closed = new Promise<void>((done) => client.once("disconnected", () => done()));
      await client.start();
      say(`Connected to Slack. What comes is brought to ${env.workerUrl}.`);
      return { closed };
    },
    /** Takes nothing new, waits for what is under way, then closes. */
    async close(): Promise<void> {
      taking = false;
      await Promise.allSettled(inFlight);
      await client.disconnect();
    },
  };
}
