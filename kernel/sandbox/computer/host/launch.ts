import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Writable } from "node:stream";
import { jailArguments, type JailPlan } from "./arguments.ts";

/** Programs that start a jail, by their full paths. */
export interface Tools {
  bwrap: string;
  bash: string;
  /** Both only where the host is root. */
  unshare: string;
  setpriv: string;
  mount: string;
}

export interface Launch {
  plan: Omit<JailPlan, "seccompFd">;
  /** User of the host to become before anything else; null: stay who we are. */
  uid: number | null;
  /** Files a process joins its groups by. */
  joinBy: string[];
  seccomp: Uint8Array;
  tools: Tools;
  /** Instead of the program that serves a box; for probing. */
  command?: string[];
}

const argsFd = 3;
const seccompFd = 4;

/**
 * Whatever the host was started with and left open would be open in the box as well; a folder among it would be a way
 * out.
 */
const closeRest = 'for f in /proc/self/fd/*; do n=${f##*/}; if [ "$n" -gt 4 ]; then eval "exec $n>&-"; fi; done;';
const join = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 97; shift; done; shift;';
/**
 * The folder of a box lies where its user cannot go. So root binds what the box gets to /mnt, in a mount namespace that
 * nobody else sees and that is gone with the process, and only then becomes that user.
 */
const stage = `mount=$1; shift; "$mount" -t tmpfs -o size=64k,mode=755 deckhand /mnt || exit 98
while [ "$1" != -- ]; do
if [ -d "$2" ]; then /bin/mkdir "/mnt/$1"; else : > "/mnt/$1"; fi
"$mount" --bind "$2" "/mnt/$1" || exit 98; shift 2; done; shift;`;

/** Starts a jail with an empty environment. Its own output is on stdout and stderr of the child. */
export function launch({ plan, uid, joinBy, seccomp, tools, command }: Launch): ChildProcess {
  const staged = ["workspace", "home", "r2", "run", "node", "agent", "bindings"] as const;
  const seen: JailPlan = { ...plan, seccompFd };
  if (uid !== null) for (const name of staged) seen[name] = `/mnt/${name}`;
  // Our own files of /etc lie in the state folder as well.
  const etc = uid === null ? [] : plan.etc.filter(({ from }) => !from.startsWith("/etc/"));
  if (uid !== null)
    seen.etc = plan.etc.map((file) => (etc.includes(file) ? { ...file, from: `/mnt/etc-${file.to}` } : file));
  const all = jailArguments(seen, existsSync);
  const cut = all.indexOf("--");
  const inside = command ?? all.slice(cut + 1);
  const bwrap = [tools.bwrap, "--args", String(argsFd), "--", ...inside];
  const root = [
    [tools.unshare, "--mount", "--propagation", "private"],
    [tools.bash, "-c", `${closeRest} ${join} ${stage} exec "$@"`, "jail", ...joinBy, "--", tools.mount],
    staged.flatMap((name) => [name, plan[name]]),
    etc.flatMap(({ from, to }) => [`etc-${to}`, from]),
    ["--", tools.setpriv, `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--inh-caps=-all", ...bwrap],
  ].flat();
  const user = [tools.bash, "-c", `${closeRest} ${join} exec "$@"`, "jail", ...joinBy, "--", ...bwrap];
  const [file = "", ...args] = uid === null ? user : root;
  const child = spawn(file, args, { env: {}, cwd: "/", stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"] });
  const give = (fd: number, bytes: string | Uint8Array) => {
    const pipe = child.stdio[fd] as Writable;
    // A launcher that fails closes its end; its exit says so.
    pipe.on("error", () => undefined);
    pipe.end(bytes);
  };
  give(argsFd, all.slice(0, cut).join("\0"));
  give(seccompFd, seccomp);
  return child;
}
