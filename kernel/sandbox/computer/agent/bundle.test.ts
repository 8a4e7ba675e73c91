import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleAgent } from "./bundle.ts";
import { connectTo } from "./open-box.ts";

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "deckhand-bundle-"));
  await bundleAgent(join(root, "agent.mjs"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const get = (path: string) =>
  new Promise<number>((resolve, reject) => {
    const asked = request({ socketPath: join(root, "control.sock"), path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });

test("one file, started with an empty environment, opens its sockets, works and ends", async () => {
  const child = spawn(
    process.execPath,
    [join(root, "agent.mjs"), "--run", root, "--workspace", root, "--home", root, "--egress-port", "0"],
    { env: {}, cwd: "/", stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ ready: true });
    expect(readdirSync(root)).toEqual(expect.arrayContaining(["control.sock", "ports.sock"]));
    expect(await get("/api/ping")).toBe(200);
    expect(await get("/anything")).toBe(404);
    using connection = connectTo(root);
    expect((await connection.box.commands.execute("echo $HOME", "s")).stdout).toBe(`${root}\n`);
    const { stdout } = await connection.box.commands.execute("sleep 300 >/dev/null 2>&1 & echo $!", "s");
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(readdirSync(root)).not.toContain("control.sock");
    process.kill(Number(stdout), "SIGKILL");
  } finally {
    child.kill("SIGKILL");
  }
});

test("a wrong option is named", async () => {
  const child = spawn(process.execPath, [join(root, "agent.mjs"), "--wrong"], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  expect((await once(child, "close"))[0]).toBe(1);
  expect(complaint).toContain("--wrong");
});
