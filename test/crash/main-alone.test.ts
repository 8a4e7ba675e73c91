import { afterEach, expect, test } from "vitest";
import { Lives, times } from "../harness/lives.ts";
import { startedWith } from "../harness/processes.ts";
import { broken } from "../soak/invariants.ts";

let lives: Lives;
afterEach(() => lives?.close());

test("B4 SIGKILL of the main process alone: the next start ends what it left and is alone on the state folder", async () => {
  lives = await Lives.begin("rehearsal");
  const ts = await lives.say("U0ADA", "echo before-it");
  await lives.said(ts, "before-it");
  await lives.quiet(ts);
  const { workerUrl } = lives.deckhand;
  const left = lives.deckhand.workerds.map((one) => one.pid);
  expect(left.length).toBeGreaterThan(0);
  await lives.deckhand.killMain();
  await lives.again();

  const alive = startedWith(lives.stateDir).map((one) => one.pid);
  expect(alive.filter((pid) => left.includes(pid))).toEqual([]);
  expect(lives.deckhand.workerUrl).toBe(workerUrl);
  await lives.say("U0ADA", "echo after-it", ts);
  await lives.said(ts, "after-it");
  await lives.quiet(ts);
  expect(times(await lives.read(ts), "after-it")).toBe(1);
  expect(broken(await lives.trace(ts))).toEqual([]);
});
