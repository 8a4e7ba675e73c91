import { expect, it } from "vitest";
import { watch } from "../../bots/local/watchdog.ts";
import { type Suite, startSuite } from "./start.ts";

const user = "slack:T1:U1";

it("one long built-in call, which no check can stop, holds the Worker until the watchdog restarts it", async () => {
  let suite: Suite = await startSuite();
  const { origin } = suite;
  const { promise: back, resolve } = Promise.withResolvers<number>();
  // Asked for, and never answered.
  const regex = suite.run({ user, code: "return /^(a+)+$/i.test('a'.repeat(60) + 'b')", limits: { cpuMs: 250 } }).then(
    () => "answered",
    () => "cut off",
  );
  const dog = watch({
    healthUrl: `${origin}/health`,
    intervalMs: 50,
    timeoutMs: 1000,
    failures: 2,
    restart: async () => {
      const started = performance.now();
      await suite.stop();
      suite = await startSuite();
      resolve(performance.now() - started);
    },
    log: () => undefined,
  });
  try {
    expect(await back).toBeLessThan(20_000);
    dog.stop();
    expect(await regex).toBe("cut off");
    expect((await suite.run({ user, code: "return 1" })).result.value).toBe(1);
  } finally {
    dog.stop();
    await suite.stop();
  }
});
