import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentLimits } from "./limits.ts";
import { collect, connectTo, events, type OpenBox, openBox } from "./open-box.ts";

let open: OpenBox;
beforeAll(async () => {
  open = await openBox();
});
afterAll(() => open[Symbol.asyncDispose]());

const start = (command: string, options?: Parameters<OpenBox["box"]["processes"]["startProcess"]>[2]) =>
  open.box.processes.startProcess(command, "s", options);
/** Until it has ended; gives the last event. */
const ended = async (id: string) => (await collect(events(await open.box.processes.streamProcessLogs(id)))).at(-1);

describe("a background process", () => {
  test("starts where its session is, outlives its connection, and tells its logs and end", async () => {
    using other = connectTo(open.run);
    await other.box.commands.execute("export WHO=me; mkfifo go; mkdir -p sub", "s");
    const process = await other.box.processes.startProcess(
      "pwd; read -r x < ../go; echo $WHO $OWN; echo bad >&2; exit 4",
      "s",
      {
        processId: "mine",
        cwd: "sub",
        env: { OWN: "own" },
      },
    );
    expect(process).toMatchObject({ success: true, processId: "mine" });
    other.drop();
    const followed = collect(events(await open.box.processes.streamProcessLogs("mine")));
    expect((await open.box.processes.getProcess("mine")).process).toMatchObject({
      status: "running",
      pid: process.pid,
    });
    await open.box.commands.execute("echo > go", "other");
    const told = await followed;
    expect(told.at(-1)).toMatchObject({ type: "exit", exitCode: 4, processId: "mine" });
    const texts = (type: string) => told.filter((event) => event["type"] === type).map((event) => event["data"]);
    expect(texts("stdout").join("")).toBe(`${open.workspace}/sub\nme own\n`);
    expect(texts("stderr").join("")).toBe("bad\n");
    expect(await open.box.processes.getProcessLogs("mine")).toMatchObject({ stderr: "bad\n" });
    const { process: info } = await open.box.processes.getProcess("mine");
    expect(info).toMatchObject({ status: "failed", exitCode: 4 });
    expect(Date.parse(info.endTime ?? "")).toBeGreaterThan(0);
    expect((await open.box.commands.execute("echo ${OWN-none} $PWD", "s")).stdout).toBe(`none ${open.workspace}\n`);
  });

  test("is killed with its group", async () => {
    const { processId } = await start("sleep 300 & echo $!; wait");
    const logs = async () => (await open.box.processes.getProcessLogs(processId)).stdout;
    await expect.poll(logs, { timeout: 8000 }).toMatch(/\d+/);
    const child = Number(await logs());
    await open.box.processes.killProcess(processId);
    expect((await open.box.processes.getProcess(processId)).process.status).toBe("killed");
    await expect.poll(() => alive(child), { timeout: 8000 }).toBe(false);
  });

  test("that floods keeps its head and its tail", async () => {
    const { processId } = await start("echo HEAD; head -c 5000000 /dev/zero | tr '\\0' x; echo; echo TAIL");
    expect(await ended(processId)).toMatchObject({ type: "exit", exitCode: 0 });
    const { stdout } = await open.box.processes.getProcessLogs(processId);
    expect(stdout.startsWith("HEAD\nxxx")).toBe(true);
    expect(stdout.endsWith("xxx\nTAIL\n")).toBe(true);
    expect(stdout).toMatch(/bytes left out/);
    expect(stdout.length).toBeLessThan(agentLimits.logHeadBytes + agentLimits.logTailBytes + 100);
  });

  test("has a time, if it was given one", async () => {
    const { processId } = await start("sleep 300", { timeoutMs: 100 });
    expect(await ended(processId)).toMatchObject({ type: "exit", exitCode: 143 });
  });

  test("is one of a bounded number", async () => {
    await open.box.processes.killAllProcesses();
    const before = (await open.box.processes.listProcesses()).processes.filter(({ status }) => status === "running");
    expect(before).toEqual([]);
    const starts = Array.from({ length: agentLimits.maxProcesses + 5 }, () => start("sleep 300"));
    const results = await Promise.allSettled(starts);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(5);
    await expect(start("true")).rejects.toMatchObject({ code: "RESOURCE_BUSY" });
    expect((await open.box.processes.killAllProcesses()).cleanedCount).toBe(agentLimits.maxProcesses);
    const { processes } = await open.box.processes.listProcesses();
    expect(processes.length).toBeLessThanOrEqual(agentLimits.maxEnded + agentLimits.maxProcesses);
  });

  test("nobody knows is not found, as the SDK has it", async () => {
    const notFound = { code: "PROCESS_NOT_FOUND" };
    await expect(open.box.processes.getProcess("none")).rejects.toMatchObject(notFound);
    await expect(open.box.processes.killProcess("none")).rejects.toMatchObject(notFound);
    await expect(open.box.processes.streamProcessLogs("none")).rejects.toMatchObject(notFound);
    await start("sleep 300", { processId: "twice" });
    await expect(start("sleep 300", { processId: "twice" })).rejects.toMatchObject({ code: "PROCESS_ERROR" });
    await open.box.processes.killProcess("twice");
  });
});

describe("a port", () => {
  test("is told when a server answers, by HTTP with the status wanted", async () => {
    let status = 503;
    const server = createServer((_, response) => response.writeHead((status += 1) > 504 ? 204 : 503).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const seen = await collect(events(await open.box.ports.watchPort({ port, mode: "http", interval: 20 })));
    expect(seen.map(({ type }) => type)).toEqual(["watching", "ready"]);
    expect(seen[1]).toMatchObject({ statusCode: 204 });
    const tcp = await collect(events(await open.box.ports.watchPort({ port, mode: "tcp" })));
    expect(tcp.at(-1)).toMatchObject({ type: "ready" });
    await new Promise((resolve) => server.close(resolve));
  });

  test("whose process ends before is told so", async () => {
    const { processId } = await start("exit 9");
    const watch = await open.box.ports.watchPort({ port: 1, mode: "tcp", processId, interval: 20 });
    expect((await collect(events(watch))).at(-1)).toMatchObject({ type: "process_exited", exitCode: 9 });
    await expect(open.box.ports.watchPort({ port: 0, mode: "tcp" })).rejects.toMatchObject({ code: "INVALID_PORT" });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
