import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that takes the lock, says what came of it, and lives until it is killed. */
async function holder(file: string) {
  const program = `
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
    process.stdout.write(takeLock(process.argv[1]) === null ? "refused" : "taken");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return {
    said: said.toString(),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test("a second process is refused while the first lives, and SIGKILL leaves nothing that is stuck", async () => {
  const file = join(folder, "lock");
  const first = await holder(file);
  expect(first.said).toBe("taken");
  expect(takeLock(file)).toBeNull();
  const second = await holder(file);
  expect(second.said).toBe("refused");
  await second.kill();
  expect(takeLock(file)).toBeNull();
  await first.kill();
  const release = takeLock(file);
  expect(release).not.toBeNull();
  release?.();
});

test("what is released can be taken again, and a lock holds nothing that others could read", () => {
  const file = join(folder, "lock");
  takeLock(file)?.();
  const release = takeLock(file);
  expect(release).not.toBeNull();
  expect(statSync(file).size).toBe(0);
  release?.();
});

test("a lock file that is none is an error, not a lock that is held", () => {
  expect(() => takeLock(folder)).toThrow();
});
