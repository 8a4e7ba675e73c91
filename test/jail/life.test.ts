import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { JailHost } from "./jail-host.ts";
import { jailForTests } from "./jail.ts";

const jail = await jailForTests();

/** Processes of this machine whose command line holds a word that only one box uses. */
function processesOf(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function gone(mark: string): Promise<void> {
  for (let tries = 0; processesOf(mark).length > 0; tries += 1) {
    if (tries > 500) throw new Error(`still there: ${processesOf(mark).join(", ")}`);
    await sleep(20);
  }
}

describe.skipIf(jail === null)("the life of a box", () => {
  const disableUserns = jail?.disableUserns ?? false;
  let host: JailHost;
  afterEach(() => host?.close());

  test("C6 asleep it keeps its files and runs nothing; it wakes with them", async () => {
    host = await JailHost.start({ disableUserns });
    const box = await host.box("sleeper");
    await box.sh(
      "echo kept > /workspace/a; echo kept > /home/box/b; echo kept > /r2/c; echo gone > /tmp/d; (setsid sleep 98761 >/dev/null 2>&1 &)",
    );
    expect(processesOf("98761").length).toBeGreaterThan(0);
    await box.sleep();
    await gone("98761");
    expect(await box.state()).toMatchObject({ state: "asleep", ended: { limit: null } });
    await box.start();
    expect((await box.sh("cat /workspace/a /home/box/b /r2/c; ls /tmp/d")).stdout).toBe("kept\nkept\nkept\n");
  });

  test("C6 destroyed it is gone, and one of the same name is new", async () => {
    host = await JailHost.start({ disableUserns });
    const box = await host.box("gone");
    await box.sh(
      "echo x > /workspace/a; mkdir -p /workspace/d/e; chmod 000 /workspace/d; (setsid sleep 98762 >/dev/null 2>&1 &)",
    );
    await box.destroy();
    await gone("98762");
    expect(existsSync(join(host.folder, "boxes/gone"))).toBe(false);
    expect(await box.state()).toMatchObject({ state: "none" });
    await box.start();
    expect((await box.sh("ls /workspace")).stdout).toBe("");
  });

  test("C6 when its host is killed everything in it ends, and nothing is left", async () => {
    host = await JailHost.start({ disableUserns });
    const box = await host.box("orphan");
    await box.sh(
      "(setsid nohup sleep 98763 >/dev/null 2>&1 &); (setsid sh -c 'trap \"\" TERM HUP INT; sleep 98763; sleep 98763' >/dev/null 2>&1 &)",
    );
    expect(processesOf("98763").length).toBeGreaterThan(1);
    process.kill(host.pid, "SIGKILL");
    await host.ended;
    await gone("98763");
    // A new host finds the disk, and no trouble with what the old one could not put away.
    const { folder } = host;
    host = await JailHost.start({ disableUserns, folder });
    expect((await (await host.box("orphan")).sh("echo back")).stdout).toBe("back\n");
  });

  test("C6 when the one who started the host goes away, so do host and boxes", async () => {
    host = await JailHost.start({ disableUserns });
    await (await host.box("child")).sh("(setsid sleep 98764 >/dev/null 2>&1 &)");
    await host.close();
    await gone("98764");
    expect(() => process.kill(host.pid, 0)).toThrow();
  });

  test("C6 a box that was started twice at once is one box", async () => {
    host = await JailHost.start({ disableUserns });
    const [one, two] = await Promise.all([host.box("same"), host.box("same")]);
    await one.sh("echo one > /tmp/seen");
    expect((await two.sh("cat /tmp/seen")).stdout).toBe("one\n");
    await Promise.all([one.sleep(), two.destroy(), one.start().catch(() => null)]);
    expect(["running", "none"]).toContain((await one.state()).state);
  });
});
