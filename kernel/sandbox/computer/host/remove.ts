import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";

/**
 * Runs a program that looks through a box's folder, and gives its exit code. A box can take away its own rights on what
 * it made; who is not root looks as the root of a namespace, which reads files of this user whatever their mode.
 */
export function asOwner(
  command: readonly string[],
  isRoot: boolean,
  options: { onOutput?: (text: string) => void; signal?: AbortSignal } = {},
): Promise<number> {
  const inside = ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "CAP_DAC_OVERRIDE", "--bind", "/", "/"];
  const [file = "", ...args] = isRoot ? command : ["bwrap", ...inside, "--die-with-parent", ...command];
  return new Promise((done) => {
    const child = spawn(file, args, {
      env: { PATH: process.env["PATH"], LANG: "C" },
      stdio: ["ignore", options.onOutput ? "pipe" : "ignore", "ignore"],
    });
    child.stdout?.setEncoding("latin1").on("data", (text: string) => options.onOutput?.(text));
    const stop = () => void child.kill("SIGKILL");
    options.signal?.addEventListener("abort", stop, { once: true });
    child.once("error", () => done(-1));
    child.once("close", (code) => {
      options.signal?.removeEventListener("abort", stop);
      done(code ?? -1);
    });
  });
}

/** Removes a tree that somebody hostile made: links are removed and never followed. */
export async function removeTree(path: string, isRoot: boolean): Promise<void> {
  if (!existsSync(path)) return;
  await asOwner(["rm", "-rf", "--one-file-system", "--", path], isRoot);
  rmSync(path, { recursive: true, force: true });
}
