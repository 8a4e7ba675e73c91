import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserId } from "../../kernel/ids.ts";
import { limits } from "../../kernel/limits.ts";
import { type Box, BoxName } from "../../kernel/sandbox/computer/types.ts";
import { jailForTests } from "../jail/jail.ts";
import { type JailBench, startJail } from "./start.ts";

const probe = await jailForTests();
const user = UserId.parse("slack:T1:U-sleeper");
const name = BoxName.parse("main");

describe.skipIf(probe === null)("a computer that sleeps", () => {
  let bench: Awaited<ReturnType<typeof startJail>>;
  let box: Box;
  beforeAll(async () => {
    bench = await startJail(probe?.disableUserns ?? false);
    box = bench.box(user, name);
  }, 60_000);
  afterAll(() => bench.stop());

  const run = (command: string) =>
    box.exec({ command, session: "one", timeoutMs: 20_000, signal: new AbortController().signal, onOutput: () => {} });

  test("C4 it wakes with its files at the next command, without what ran in it", async () => {
    await run("echo kept > /workspace/file; echo home > /home/box/file");
    const process = await box.start({ command: "sleep 300", session: "one" });
    await bench.sleep(user, name);
    const awake = await run("cat /workspace/file /home/box/file; pwd");
    expect(awake).toMatchObject({ exitCode: 0, stdout: "kept\nhome\n/workspace\n" });
    expect((await box.processes()).filter((one) => one.id === process.id && one.state === "running")).toEqual([]);
  }, 60_000);

  test("C4 a command that it falls asleep under says that it was interrupted, and is not run again", async () => {
    const started = Promise.withResolvers<void>();
    const running = box.exec({
      command: "echo again >> /workspace/runs; echo started; sleep 60",
      session: "one",
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      onOutput: () => started.resolve(),
    });
    running.catch(() => undefined);
    await started.promise;
    await bench.sleep(user, name);
    await expect(running).rejects.toMatchObject({ code: "computer.interrupted" });
    expect((await run("cat /workspace/runs")).stdout).toBe("again\n");
  }, 60_000);

  test("C4 a command whose host of computers is killed says that it was interrupted, and the next one works", async () => {
    // A watch goes on beside it, as the one of a person's files does.
    const watching = new AbortController();
    const { ended } = await box.watch("/workspace", () => undefined, watching.signal);
    const started = Promise.withResolvers<void>();
    const running = box.exec({
      command: "echo once >> /workspace/kills; echo started; sleep 60",
      session: "one",
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      onOutput: () => started.resolve(),
    });
    running.catch(() => undefined);
    await started.promise;
    // Whoever is told of its end looks at once, and so wakes the box again.
    const looked = ended.catch(() => undefined).then(() => box.list("/workspace"));
    await bench.killHost();
    await expect(running).rejects.toMatchObject({ code: "computer.interrupted" });
    await looked;
    expect((await run("cat /workspace/kills")).stdout).toBe("once\n");
  }, 60_000);
});

describe.skipIf(probe === null)("a computer that nobody uses", () => {
  let bench: JailBench;
  beforeAll(async () => {
    bench = await startJail(probe?.disableUserns ?? false, { SLEEP_AFTER_SECONDS: "3" });
  }, 60_000);
  afterAll(() => bench.stop());

  test("C4 falls asleep by itself, also with a process in the background, and wakes with its files", async () => {
    const box = bench.box(user, name);
    const run = (command: string) =>
      box.exec({
        command,
        session: "one",
        timeoutMs: 20_000,
        signal: new AbortController().signal,
        onOutput: () => {},
      });
    // A command that takes longer than that keeps it awake.
    expect((await run("echo kept > /workspace/file; sleep 5; echo over")).stdout).toBe("over\n");
    await box.start({ command: "sleep 300", session: "one" });
    expect(await bench.state(user, name)).toBe("running");
    await expect.poll(() => bench.state(user, name), { timeout: 60_000 }).toBe("asleep");
    expect((await run("cat /workspace/file; pgrep -c sleep")).stdout).toBe("kept\n0\n");
  }, 120_000);
});

describe.skipIf(probe === null)("a machine that has all the computers it can take", () => {
  let bench: JailBench;
  beforeAll(async () => {
    bench = await startJail(probe?.disableUserns ?? false);
  }, 60_000);
  afterAll(() => bench.stop());

  test("C7 says so, and takes one more when another sleeps", async () => {
    const people = Array.from({ length: limits.jail.maxRunning + 1 }, (_, at) => UserId.parse(`slack:T1:U-many-${at}`));
    const run = (one: UserId) =>
      bench.box(one, name).exec({
        command: "echo here",
        session: "one",
        timeoutMs: 20_000,
        signal: new AbortController().signal,
        onOutput: () => {},
      });
    const last = people.pop() as UserId;
    for (const one of people) expect((await run(one)).stdout).toBe("here\n");
    await expect(run(last)).rejects.toMatchObject({
      code: "computer.unavailable",
      message: expect.stringContaining(`${limits.jail.maxRunning} computers run on this machine already.`),
    });
    await bench.sleep(people[0] as UserId, name);
    expect((await run(last)).stdout).toBe("here\n");
  }, 120_000);
});
