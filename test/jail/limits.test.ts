import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../kernel/limits.ts";
import { JailHost, type TestBox } from "./jail-host.ts";
import { jailForTests } from "./jail.ts";

const jail = await jailForTests();
const mib = 1024 ** 2;

/** Each bomb goes off in one box while another goes on working. */
describe.skipIf(jail === null)("a box that takes all it can get", () => {
  let host: JailHost;
  let bomber: TestBox;
  let neighbour: TestBox;

  beforeAll(async () => {
    host = await JailHost.start({ disableUserns: jail?.disableUserns ?? false });
    [bomber, neighbour] = [await host.box("bomber"), await host.box("neighbour")];
    await neighbour.sh("echo mine > /workspace/kept; (setsid sleep 3600 >/dev/null 2>&1 &)");
  });
  afterAll(() => host?.close());

  /** Wakes the bomber if it ended, and runs a command in it. */
  const next = async (command: string) => {
    await bomber.start();
    return bomber.sh(command, { session: "next" });
  };
  const neighbourIsWell = async () => {
    expect((await neighbour.sh("cat /workspace/kept; pgrep -c sleep")).stdout).toBe("mine\n1\n");
    expect((await neighbour.state()).figures).toMatchObject({ memoryKills: 0, taskRefusals: 0 });
  };

  test("C5 a fork bomb fills its own room and nothing else", async () => {
    const bomb = bomber
      .sh("bomb() { bomb | bomb & }; bomb; sleep 2; echo through", { timeoutMs: 8_000 })
      .catch(() => null);
    await neighbourIsWell();
    await bomb;
    const { figures } = await bomber.state();
    if (jail?.holds.tasks) {
      expect(figures.taskRefusals).toBeGreaterThan(0);
      expect(figures.tasks ?? 0).toBeLessThanOrEqual(limits.computer.maxTasks);
    }
    // What is left of it is ended with the box; the next command has a box to itself.
    await bomber.sleep();
    expect((await next("echo works")).stdout).toBe("works\n");
    await neighbourIsWell();
  });

  test.skipIf(!jail?.holds.memory)("C5 a memory bomb is ended at the box's size", async () => {
    const { exitCode } = await bomber.sh("python3 -c 'x=[]\nwhile True: x.append(bytearray(16*1024*1024))'");
    expect(exitCode).toBe(137);
    const { figures } = await bomber.state();
    expect(figures.memoryKills).toBeGreaterThan(0);
    expect((await next("echo works")).stdout).toBe("works\n");
    await neighbourIsWell();
  });

  test.skipIf(!jail?.holds.memory)("C5 /tmp and /dev/shm are memory, and no way around it", async () => {
    const { text } = await bomber.sh(
      "dd if=/dev/zero of=/tmp/x bs=1M count=2000; dd if=/dev/zero of=/dev/shm/x bs=1M count=2000; du -sm /tmp /dev/shm; rm -f /tmp/x /dev/shm/x",
    );
    expect(text).toMatch(/No space left/);
    const [tmp = 0, shm = 0] = [...text.matchAll(/^(\d+)\t\//gm)].map((match) => Number(match[1]));
    expect(tmp).toBeLessThanOrEqual(limits.jail.tmpBytes / mib + 1);
    expect(shm).toBeLessThanOrEqual(limits.jail.shmBytes / mib + 1);
    expect((await next("echo works")).stdout).toBe("works\n");
  });

  test("C5 while true takes a share of the processor, not the machine", async () => {
    await bomber.sh("for i in 1 2 3 4; do (setsid sh -c 'while true; do :; done' >/dev/null 2>&1 &); done");
    const began = performance.now();
    for (let turn = 0; turn < 10; turn += 1) await neighbour.sh("echo turn");
    expect((performance.now() - began) / 10).toBeLessThan(2_000);
    expect(
      (await bomber.sh("while true; do :; done", { timeoutMs: 300 }).catch((error: unknown) => ({ exitCode: error })))
        .exitCode,
    ).not.toBe(0);
    expect((await bomber.sh("echo works")).stdout).toBe("works\n");
    await bomber.sh("pkill -9 -f 'while true'");
    await neighbourIsWell();
  });

  test("C5 a single file has an end", async () => {
    const { exitCode } = await bomber.sh(`truncate -s ${limits.computer.diskBytes + 1} /workspace/big`);
    expect(exitCode).not.toBe(0);
    await bomber.sh("rm -f /workspace/big");
  });

  test("C5 a full disk ends the box with a sentence, and it can be tidied up", async () => {
    const ended = bomber.ended();
    const fill = bomber
      .sh("for i in $(seq 60); do head -c 100M /dev/zero > /workspace/fill$i || break; done; sleep 60", {
        timeoutMs: 80_000,
      })
      .catch(() => null);
    const state = await ended;
    bomber.drop();
    await fill;
    expect(state.ended).toMatchObject({
      limit: "disk",
      message: expect.stringMatching(/disk is full.*2\.0 GiB.*Delete/),
    });
    expect(state.state).toBe("asleep");
    await neighbourIsWell();
    expect(
      (await next("head -c 100M /dev/zero > /workspace/more; ls -l /workspace/more | cut -d' ' -f5")).stdout.trim(),
    ).toBe(String(limits.jail.overfullBytes));
    expect((await next("rm -f /workspace/fill* /workspace/more; echo tidy")).stdout).toBe("tidy\n");
    await bomber.sleep();
    expect((await bomber.state()).figures.diskBytes).toBeLessThan(10 * mib);
    expect((await next("head -c 40M /dev/zero > /workspace/some; stat -c %s /workspace/some")).stdout).toBe(
      `${40 * mib}\n`,
    );
  });
});
