import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { signedHeaders } from "../../bots/local/workspace/signature.ts";

const Keys = z.object({ signingSecret: z.string() });
/** Past this an event counts as not acknowledged; Slack gives up after three seconds. */
const giveUpMs = 15_000;

/** Slack's side of the Events API: signed posts on connections that are kept. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #url: string;
  readonly #secret: string;

  constructor(workerUrl: string, stateDir: string) {
    this.#url = `${workerUrl}/slack/events`;
    this.#secret = Keys.parse(JSON.parse(readFileSync(join(stateDir, "keys.json"), "utf8"))).signingSecret;
  }

  /** Sends one event; gives the milliseconds from the call to the head of the answer. Throws for any status but 200. */
  send(body: string): Promise<number> {
    const headers = {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      ...signedHeaders(this.#secret, body, Date.now()),
    };
    const began = performance.now();
    return new Promise((done, fail) => {
      const sent = request(this.#url, { method: "POST", headers, agent: this.#agent, timeout: giveUpMs }, (answer) => {
        const tookMs = performance.now() - began;
        answer.resume().once("end", () => {
          if (answer.statusCode === 200) done(tookMs);
          else fail(new Error(`an event was answered with ${answer.statusCode}`));
        });
      });
      sent.once("timeout", () => sent.destroy(new Error(`an event was not answered in ${giveUpMs} ms`)));
      sent.once("error", fail);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
