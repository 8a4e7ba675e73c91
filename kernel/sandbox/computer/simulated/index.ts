import type { Clock } from "../../../clock.ts";
import { KernelError } from "../../../errors.ts";
import type { FileTree } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import type { Box, BoxName, ExecRequest, ExecResult } from "../types.ts";
import { listBox, listPerson, placeOf, without, withFile } from "./box-files.ts";
import { boundedTree, checkedTree } from "./check-tree.ts";
import type { ShellOrder } from "./order.ts";
import { banner } from "./refusals.ts";
import { boundedEnv, brokenOff } from "./reply.ts";
import { checkOrder, runOrder } from "./run.ts";
import type { Shells } from "./shells.ts";
import { type KeptStorage, KeptStore } from "./store.ts";
import type { KeptEntry } from "./tree.ts";

export { Shells } from "./shells.ts";
export type { KeptStorage } from "./store.ts";

export interface SimulatedParts {
  name: BoxName;
  /** One for a Kernel: it keeps the boxes' isolates and lets one command at a time into each. */
  shells: Shells;
  /** What is under /r2, written in the name of its author. */
  files: FileTree;
  /** `ctx.storage` of the Kernel; the keys begin with `simulated/`. */
  storage: KeptStorage;
  bucket: R2Bucket;
  /** Where in R2 a snapshot lies. */
  snapshotKey: (id: string) => string;
  now: Clock;
  /** Of computing in one command, less than `limits.computer.simulated.cpuMs` where it holds up others. */
  cpuMs?: number;
}

const unsupported = (what: string): KernelError =>
  new KernelError(
    "computer.unsupported",
    `This computer is a simulated shell and has no ${what}. Run Deckhand on Linux with bubblewrap (COMPUTER=jail) or with Docker (COMPUTER=docker) for one that has.`,
  );

/**
 * A shell without a machine: just-bash in an isolate that has no network. /r2 is the person's files themselves, saved at
 * the end of each command; /workspace, /home/box and /tmp are a small disk of the box. Every result begins with a line
 * that says what it is, and output comes when the command is over.
 */
export function simulatedBox(parts: SimulatedParts): Box {
  const { name, shells, files, storage, bucket, snapshotKey, now } = parts;
  const store = new KeptStore(storage, name);
  const refuse = (what: string) => async (): Promise<never> => {
    throw unsupported(what);
  };

  async function exclusively<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await shells.enter(name, signal);
    try {
      return await work();
    } finally {
      release();
    }
  }
  const kept = async (): Promise<KeptEntry[]> => {
    const packed = await store.tree();
    return packed.byteLength === 0 ? [] : checkedTree(packed);
  };

  async function exec(request: ExecRequest): Promise<ExecResult> {
    const { command, stdin = "", signal } = request;
    checkOrder(command, stdin);
    return exclusively(async () => {
      const began = now();
      request.onOutput("stdout", `${banner}\n`);
      const session = await store.session(request.session);
      const order: ShellOrder = {
        command,
        stdin,
        cwd: request.cwd ?? session?.cwd ?? "/workspace",
        env: { ...session?.env, ...request.env },
        timeoutMs: request.timeoutMs,
        tree: await store.tree(),
        caps: {
          ...limits.computer.simulated,
          maxOutputChars: limits.computer.maxOutputChars,
          ...(parts.cpuMs === undefined ? {} : { cpuMs: parts.cpuMs }),
        },
      };
      const ran = await runOrder(shells, name, files, order, signal);
      if (ran.end === "broken") {
        const { exitCode, limit } = brokenOff(ran.how, order.timeoutMs, order.caps.cpuMs);
        return { exitCode, stdout: `${banner}\n`, stderr: "", wallMs: now() - began, limits: [limit] };
      }
      if (ran.end === "stopped") throw new KernelError("tool.interrupted", "Stopped; what it changed was not kept.");
      const full = await saveTree(ran.tree);
      const over = [...full, ...(await saveSession(request, session, order, ran))];
      if (signal.aborted) throw new KernelError("tool.interrupted", "Stopped before it was done.");
      if (ran.stdout !== "") request.onOutput("stdout", ran.stdout);
      if (ran.stderr !== "") request.onOutput("stderr", ran.stderr);
      return {
        exitCode: full.length > 0 && ran.exitCode === 0 ? 1 : ran.exitCode,
        stdout: `${banner}\n${ran.stdout}`,
        stderr: ran.stderr,
        wallMs: now() - began,
        limits: [...ran.limits, ...over],
      };
    }, signal);
  }

  /** Keeps the disk as the command left it; what could not be kept, in words. */
  async function saveTree(tree: Uint8Array | null): Promise<string[]> {
    if (!tree) return [];
    try {
      checkedTree(tree);
    } catch (thrown) {
      if (!(thrown instanceof KernelError) || thrown.code !== "limit.disk") throw thrown;
      return [`${thrown.userMessage} What this command changed there was not kept.`];
    }
    await store.saveTree(tree);
    return [];
  }

  async function saveSession(
    request: ExecRequest,
    before: Awaited<ReturnType<KeptStore["session"]>>,
    order: ShellOrder,
    left: { cwd: string; env: Record<string, string> },
  ): Promise<string[]> {
    // What was given for this call alone does not stay, unless the command made it something else.
    const given = request.env ?? {};
    const own = Object.entries(left.env).flatMap(([key, value]): [string, string][] => {
      if (given[key] !== value) return [[key, value]];
      const was = before?.env[key];
      return was === undefined ? [] : [[key, was]];
    });
    const cwd = request.cwd !== undefined && left.cwd === order.cwd ? (before?.cwd ?? "/workspace") : left.cwd;
    const { env, dropped } = boundedEnv(Object.fromEntries(own));
    if (!before || before.cwd !== cwd || JSON.stringify(before.env) !== JSON.stringify(env))
      await store.saveSession(request.session, { cwd, env, usedAt: now() });
    if (dropped === 0) return [];
    return [
      `${dropped} variables were not kept: a session has room for ${limits.computer.simulated.maxSessionChars} characters`,
    ];
  }

  return {
    kind: "simulated",
    exec,
    start: refuse("background processes"),
    processes: async () => [],
    logs: async (id) => {
      throw noProcess(id);
    },
    kill: async (id) => {
      throw noProcess(id);
    },
    async read(path) {
      const place = placeOf(path);
      if (place.in === "person") return (await files.stat(place.path)) ? (await files.read(place.path)).bytes : null;
      const found = (await kept()).find((entry) => entry.path === place.path);
      return found?.kind === "file" ? found.bytes : null;
    },
    async write(path, bytes) {
      const place = placeOf(path);
      if (place.in === "person") await files.write(place.path, bytes);
      else await exclusively(async () => store.saveTree(boundedTree(withFile(await kept(), place.path, bytes, now()))));
    },
    async remove(path) {
      const place = placeOf(path);
      if (place.in === "person") {
        if (await files.stat(place.path)) await files.remove(place.path);
      } else await exclusively(async () => store.saveTree(boundedTree(without(await kept(), place.path))));
    },
    async list(folder) {
      if (folder === "/") return [...listBox(await kept(), ""), ...(await listPerson(files, ""))];
      const place = placeOf(folder);
      return place.in === "person" ? listPerson(files, place.path) : listBox(await kept(), place.path);
    },
    watch: refuse(
      "need of watching: its /r2 is the person's files themselves, and nothing goes on between its commands",
    ),
    listening: refuse("ports"),
    async snapshot(_label) {
      const bytes = await store.tree();
      const id = crypto.randomUUID();
      await bucket.put(snapshotKey(id), bytes);
      return { id, sizeBytes: bytes.byteLength };
    },
    async restore(id) {
      const saved = await bucket.get(snapshotKey(id));
      if (!saved) throw new KernelError("computer.not_found", "There is no snapshot of that id.");
      const bytes = new Uint8Array(await saved.arrayBuffer());
      if (bytes.byteLength > 0) checkedTree(bytes);
      await exclusively(() => store.saveTree(bytes));
    },
    async allow(hosts) {
      if (hosts.length > 0) throw unsupported("network");
    },
    destroy: () =>
      exclusively(async () => {
        shells.drop(name);
        await store.forget();
      }),
  };
}

const noProcess = (id: string): KernelError =>
  new KernelError("computer.not_found", `There is no process ${JSON.stringify(id.slice(0, 80))} in this computer.`);
