import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Box, ExecRequest, ExecResult } from "../../kernel/sandbox/computer/types.ts";

/** Runs in this machine's bash and git, with a temporary folder in the place of /workspace. */
export function boxAt(folder: string): Box {
  const real = (text: string) => text.replaceAll("/workspace", folder);
  const exec = ({ command }: ExecRequest) =>
    new Promise<ExecResult>((done) => {
      const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
      const child = spawn("bash", ["--norc", "-c", real(command)], { env, stdio: ["ignore", "pipe", "pipe"] });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
      child.once("close", (code) => {
        done({ exitCode: code ?? 1, stdout: stdout.replaceAll(folder, "/workspace"), stderr, wallMs: 0, limits: [] });
      });
    });
  const partly: Partial<Box> = {
    kind: "jail",
    exec,
    read: (path) => Promise.resolve(new Uint8Array(readFileSync(real(path)))),
    write: async (path, bytes) => {
      mkdirSync(dirname(real(path)), { recursive: true });
      writeFileSync(real(path), bytes);
    },
    remove: async (path) => rmSync(real(path), { force: true }),
  };
  return partly as Box;
}

/** Git by a person, as it is run by hand. */
export const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], { cwd, encoding: "utf8" });

/** A remote with one commit, `/workspace/origin.git`, in that folder. */
export function makeOrigin(folder: string): void {
  const work = join(folder, "origin-work");
  mkdirSync(work);
  git(work, "init", "-q", "-b", "main");
  writeFileSync(join(work, "a.txt"), "one\n");
  git(work, "add", "-A");
  git(work, "commit", "-q", "-m", "first");
  git(folder, "clone", "-q", "--bare", work, "origin.git");
}
