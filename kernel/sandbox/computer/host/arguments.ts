import { limits } from "../../../limits.ts";
import type { EtcFile } from "./etc.ts";
import type { SystemPart } from "./system.ts";

/** All that a jail is made of. Paths are the host's, as its launcher sees them. */
export interface JailPlan {
  system: SystemPart[];
  etc: EtcFile[];
  workspace: string;
  home: string;
  r2: string;
  run: string;
  node: string;
  agent: string;
  /** Folder of the `deckhand` command. */
  bindings: string;
  /** Beside the variables every box has. */
  env: Record<string, string>;
  /** Whether this bubblewrap can forbid further user namespaces; the filter forbids them in any case. */
  disableUserns: boolean;
  /** File descriptor of the seccomp filter. */
  seccompFd: number;
  fileBytes: number;
  /** Where no group holds them. */
  maxTasks: number | null;
  nice: boolean;
}

export const proxyUrl = "http://127.0.0.1:3128";

export const baseEnv: Record<string, string> = {
  PATH: "/home/box/.local/bin:/opt/deckhand/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  HOME: "/home/box",
  USER: "box",
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
  HTTP_PROXY: proxyUrl,
  HTTPS_PROXY: proxyUrl,
  http_proxy: proxyUrl,
  https_proxy: proxyUrl,
  NO_PROXY: "127.0.0.1,localhost",
  no_proxy: "127.0.0.1,localhost",
  DISPLAY: ":1",
  // Debian's pip refuses to change the machine's Python; a box installs into its own home.
  PIP_BREAK_SYSTEM_PACKAGES: "1",
};

/** What a box may be given and what it may not: these decide how programs of the box are run. */
const ours = /^(?:LD_|NODE_OPTIONS$|BASH_ENV$|ENV$|IFS$)/;

/** Parts of /proc that tell of the machine, and that no program in a box needs. */
const hiddenProc = [
  "kcore",
  "keys",
  "kmsg",
  "timer_list",
  "sysrq-trigger",
  "cmdline",
  "kallsyms",
  "config.gz",
  "iomem",
  "ioports",
];

/** The arguments of bubblewrap, without the program's name. Pure. They go through a pipe, so that no process list has them. */
export function jailArguments(plan: JailPlan, exists: (path: string) => boolean): string[] {
  const { tmpBytes, shmBytes, runBytes, maxOpenFiles } = limits.jail;
  const tmpfs = (at: string, bytes: number, mode: string) => ["--perms", mode, "--size", String(bytes), "--tmpfs", at];
  const env = { ...Object.fromEntries(Object.entries(plan.env).filter(([name]) => !ours.test(name))), ...baseEnv };
  const bounds = [
    "--core=0:0",
    `--nofile=${maxOpenFiles}:${maxOpenFiles}`,
    `--fsize=${plan.fileBytes}:${plan.fileBytes}`,
    ...(plan.maxTasks === null ? [] : [`--nproc=${plan.maxTasks}:${plan.maxTasks}`]),
  ];
  const optional = (path: string) => (exists(path) ? ["--ro-bind", path, path] : []);
  return [
    ["--unshare-all", "--unshare-user", ...(plan.disableUserns ? ["--disable-userns"] : [])],
    ["--uid", "1000", "--gid", "1000", "--hostname", "deckhand"],
    ["--die-with-parent", "--new-session", "--clearenv"],
    plan.system.flatMap(({ path, link }) => (link === null ? ["--ro-bind", path, path] : ["--symlink", link, path])),
    plan.etc.flatMap(({ from, to }) => ["--ro-bind", from, `/etc/${to}`]),
    ["--proc", "/proc"],
    hiddenProc.filter((name) => exists(`/proc/${name}`)).flatMap((name) => ["--ro-bind", "/dev/null", `/proc/${name}`]),
    ["--dev", "/dev", ...tmpfs("/dev/shm", shmBytes, "1777"), "--remount-ro", "/dev"],
    [...tmpfs("/tmp", tmpBytes, "1777"), "--perms", "1777", "--dir", "/tmp/.X11-unix"],
    tmpfs("/run", runBytes, "0755"),
    ["--symlink", "../run", "/var/run", "--symlink", "../tmp", "/var/tmp", "--dir", "/var/lib"],
    optional("/var/cache/fontconfig"),
    ["--bind", plan.run, "/run/deckhand"],
    ["--bind", plan.workspace, "/workspace", "--bind", plan.home, "/home/box", "--bind", plan.r2, "/r2"],
    ["--ro-bind", plan.node, "/opt/deckhand/node", "--ro-bind", plan.agent, "/opt/deckhand/agent.mjs"],
    ["--ro-bind", plan.bindings, "/opt/deckhand/bindings", "--symlink", "../node", "/opt/deckhand/bin/node"],
    ["--symlink", "../bindings/deckhand", "/opt/deckhand/bin/deckhand", "--remount-ro", "/"],
    Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    ["--chdir", "/workspace", "--seccomp", String(plan.seccompFd)],
    ["--", "/usr/bin/prlimit", ...bounds, "--"],
    plan.nice ? ["/usr/bin/nice", "-n", "10"] : [],
    ["/opt/deckhand/node", "/opt/deckhand/agent.mjs"],
  ].flat();
}
