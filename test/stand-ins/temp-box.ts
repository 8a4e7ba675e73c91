import { spawn } from "node:child_process";
import { type FSWatcher, mkdtempSync, rmSync, watch } from "node:fs";
import { lstat, mkdir, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Box, BoxChange } from "../../kernel/sandbox/computer/types.ts";

/** A box without walls: a folder of this machine and the machine's own bash. `/r2` is `root`. */
export interface TempBox extends Box {
  root: string;
  /** How often each call was made. */
  calls: Map<string, number>;
  bash(command: string): Promise<string>;
  /** Another disk: all that was on it is gone. */
  reset(): Promise<void>;
  close(): void;
}

const unused = async (): Promise<never> => {
  throw new Error("not in this box");
};

function run(command: string, cwd: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    // To a bash whose input is a socket, as a pipe of Node is, it looks like a login from afar: it would read ~/.bashrc.
    const child = spawn("bash", ["--norc", "-c", command], { cwd, env: { PATH: process.env["PATH"] ?? "" } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.once("error", fail);
    child.once("close", (code) => done({ exitCode: code ?? 1, stdout, stderr }));
  });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return Promise.resolve(entry.isFile() ? [path] : []);
    }),
  );
  return found.flat();
}

export async function tempBox(options: { watched?: boolean } = {}): Promise<TempBox> {
  const root = join(await realpath(mkdtempSync(join(tmpdir(), "deckhand-sync-"))), "r2");
  await mkdir(root);
  const calls = new Map<string, number>();
  const watchers = new Set<FSWatcher>();
  const counting =
    <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return call(...args);
    };
  const box: TempBox = {
    kind: "jail",
    root,
    calls,
    exec: counting("exec", async ({ command }) => {
      const done = await run(command, root);
      return { ...done, wallMs: 0, limits: [] };
    }),
    start: unused,
    processes: unused,
    logs: unused,
    kill: unused,
    read: counting("read", (path: string) =>
      readFile(path).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      ),
    ),
    write: counting("write", async (path: string, bytes: Uint8Array) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }),
    remove: counting("remove", (path: string) => rm(path, { force: true })),
    list: counting("list", async (folder: string) => {
      const paths = await filesBelow(folder);
      const all = await Promise.all(
        paths.map(async (path) => {
          const stat = await lstat(path).catch(() => null);
          return stat ? [{ path, sizeBytes: stat.size, changedAt: stat.mtimeMs }] : [];
        }),
      );
      return all.flat();
    }),
    watch: counting("watch", async (folder: string, onChange: (changes: BoxChange[]) => void, signal: AbortSignal) => {
      if (options.watched === false) throw new Error("this box tells of nothing");
      const watcher = watch(folder, { recursive: true }, (_event, name) => {
        if (name) onChange([{ path: join(folder, name), kind: "changed" }]);
      });
      watchers.add(watcher);
      const ended = new Promise<void>((done) => {
        signal.addEventListener("abort", () => {
          watcher.close();
          done();
        });
      });
      return { ended };
    }),
    listening: unused,
    snapshot: unused,
    restore: unused,
    allow: unused,
    destroy: unused,
    async bash(command) {
      const { exitCode, stdout, stderr } = await run(command, root);
      if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr}`);
      return stdout;
    },
    async reset() {
      await rm(root, { recursive: true, force: true });
      await mkdir(root);
    },
    close() {
      for (const watcher of watchers) watcher.close();
      rmSync(dirname(root), { recursive: true, force: true });
    },
  };
  return box;
}
