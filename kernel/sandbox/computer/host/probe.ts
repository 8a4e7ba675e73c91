import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits } from "../../../limits.ts";
import { findGroups, type Holds } from "./cgroup/groups.ts";
import { prepareEtc } from "./etc.ts";
import { Folders } from "./folders.ts";
import { launch, type Tools } from "./launch.ts";
import { programPath } from "./paths.ts";
import { seccompBytes } from "./seccomp/filter.ts";
import { systemParts } from "./system.ts";
import { findTools } from "./tools.ts";

/** Programs of the machine that boxes use; what is missing is missing in every box. */
const wanted = ["inotifywait", "Xvfb", "xdotool", "scrot", "chromium", "python3", "git"] as const;

export interface JailProbe {
  ok: boolean;
  /** Why not; empty when it can be had. */
  reason: string;
  /** Whether further user namespaces are forbidden by bubblewrap too. */
  disableUserns: boolean;
  holds: Holds;
  programs: Record<(typeof wanted)[number], boolean>;
}

const probeMs = 10_000;
const noGroups: Holds = { version: null, memory: false, tasks: false, cpu: false };

/** Runs `true` in a real jail, by the very way boxes are started; gives what was said when that fails. */
async function tryJail(
  tools: Tools,
  seccomp: Uint8Array,
  isRoot: boolean,
  disableUserns: boolean,
): Promise<string | null> {
  const root = mkdtempSync(join(tmpdir(), "deckhand-probe-"));
  try {
    const folders = new Folders(join(root, "boxes"), isRoot);
    const folder = folders.open("probe");
    folders.freshRun(folder);
    const agent = join(root, "agent.mjs");
    writeFileSync(agent, "");
    mkdirSync(join(root, "etc"));
    const child = launch({
      plan: {
        system: systemParts(),
        etc: prepareEtc(join(root, "etc")),
        workspace: join(folder.path, "workspace"),
        home: join(folder.path, "home"),
        r2: join(folder.path, "r2"),
        run: folder.run,
        node: process.execPath,
        agent,
        bindings: join(root, "etc"),
        env: {},
        disableUserns,
        fileBytes: limits.computer.diskBytes,
        maxTasks: null,
        nice: false,
      },
      uid: folder.uid,
      joinBy: [],
      seccomp,
      tools,
      // Node itself: one that was built for another libc would start no box.
      command: ["/opt/deckhand/node", "--version"],
    });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-400)));
    child.stdout?.resume();
    const late = setTimeout(() => child.kill("SIGKILL"), probeMs);
    const code = await new Promise<number>((done) => {
      child.once("error", () => done(-1));
      child.once("close", (exit) => done(exit ?? -1));
    });
    clearTimeout(late);
    return code === 0 ? null : (said.trim().split("\n").at(-1) ?? "") || `it ended with ${code}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What this machine can do for a jail, tried and not guessed. */
export async function probeJail(): Promise<JailProbe> {
  const programs = Object.fromEntries(
    wanted.map((name) => [name, programPath(name) !== null]),
  ) as JailProbe["programs"];
  const not = (reason: string): JailProbe => ({ ok: false, reason, disableUserns: false, holds: noGroups, programs });
  if (process.platform !== "linux") return not("A jail needs Linux.");
  const isRoot = process.getuid?.() === 0;
  const { tools, missing } = findTools(isRoot);
  if (tools === null)
    return not(`A jail needs ${missing.join(", ")}. On Debian and Ubuntu: apt install bubblewrap util-linux.`);
  const seccomp = seccompBytes(process.arch);
  if (seccomp === null) return not(`A jail has no filter of system calls for ${process.arch}.`);
  let disableUserns = true;
  let said = await tryJail(tools, seccomp, isRoot, true);
  if (said !== null) {
    disableUserns = false;
    said = await tryJail(tools, seccomp, isRoot, false);
  }
  if (said !== null)
    return not(`bubblewrap could not make a jail (${said}). User namespaces may be switched off on this machine.`);
  const groups = await findGroups(randomBytes(6).toString("hex"));
  await groups.close();
  return { ok: true, reason: "", disableUserns, holds: groups.holds, programs };
}
