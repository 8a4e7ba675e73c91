import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { SlackApi } from "./client.ts";
import contracts from "../../bots/local/workspace/contract/methods.json" with { type: "json" };
import { methodRates, paced } from "./permits.ts";

const published = { t1: 1, t2: 20, t3: 50, t4: 100, t5: 600 };

const recorder = () => {
  const log: string[] = [];
  const api: SlackApi = {
    async call(method, _args, answer) {
      log.push(`call ${method}`);
      return answer.parse({});
    },
  };
  const wait = async (ms: number) => {
    log.push(`wait ${ms}`);
  };
  return { log, api, wait };
};
const any = z.unknown();

describe("calls of Slack in a row", () => {
  test("a counted call waits for its place", async () => {
    const { log, api, wait } = recorder();
    await paced(api, async () => ({ granted: true, waitMs: 700 }), wait).call("chat.update", {}, any);
    expect(log).toEqual(["wait 700", "call chat.update"]);
  });

  test("a post asks once more when its time has come, and waits behind another that was late", async () => {
    const { log, api, wait } = recorder();
    const claims = [400, 0];
    const ask = async (_: string, { claim = false }: { claim?: boolean }) => ({
      granted: true,
      waitMs: claim ? (claims.shift() ?? 0) : 700,
    });
    await paced(api, ask, wait).call("chat.postMessage", {}, any);
    expect(log).toEqual(["wait 700", "wait 400", "call chat.postMessage"]);
  });

  test("a clock that never lets a post through does not keep it for ever", async () => {
    const { log, api, wait } = recorder();
    await paced(api, async () => ({ granted: true, waitMs: 10 }), wait).call("chat.postMessage", {}, any);
    expect(log.at(-1)).toBe("call chat.postMessage");
    expect(log.length).toBeLessThan(40);
  });

  test("without a place nothing is called, and the caller learns when to come again", async () => {
    const { log, api, wait } = recorder();
    const call = paced(api, async () => ({ granted: false, waitMs: 9000 }), wait).call("chat.startStream", {}, any);
    await expect(call).rejects.toMatchObject({ code: "platform.rate_limited", retryable: true, retryAfterMs: 9000 });
    expect(log).toEqual([]);
  });

  test("that something runs waits less for its place than the state that it comes to rest in", async () => {
    const asked: number[] = [];
    const { api, wait } = recorder();
    const ask = async (_: string, { maxWaitMs }: { maxWaitMs: number }) => {
      asked.push(maxWaitMs);
      return { granted: true, waitMs: 0 };
    };
    for (const status of ["processing", "active", "suspended", "closed"])
      await paced(api, ask, wait).call("agents.sessions.setStatus", { status }, any);
    expect(asked).toEqual([1_500, 5_000, 5_000, 5_000]);
  });

  test("no minute has more calls of a method than Slack publishes", () => {
    for (const [method, { scope, perMinute, burst }] of Object.entries(methodRates)) {
      const { tier } = contracts[method as keyof typeof contracts] as { tier: keyof typeof published };
      expect(perMinute + burst, method).toBeLessThan(scope === "channel" ? 60 : published[tier]);
    }
  });

  test("what Slack does not count by the minute is not held up", async () => {
    const { log, api, wait } = recorder();
    const never = async (): Promise<never> => {
      throw new Error("asked");
    };
    await paced(api, never, wait).call("auth.test", {}, any);
    expect(log).toEqual(["call auth.test"]);
  });
});
