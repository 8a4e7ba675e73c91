import { createHmac } from "node:crypto";

/** Slack's request signature, version 0. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signedHeaders(secret: string, body: string, nowMs: number): Record<string, string> {
  const stamp = String(Math.floor(nowMs / 1000));
  const mac = createHmac("sha256", secret).update(`v0:${stamp}:${body}`).digest("hex");
  return {
    "x-slack-request-timestamp": stamp,
    "x-slack-signature": `v0=${mac}`,
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
  };
}
