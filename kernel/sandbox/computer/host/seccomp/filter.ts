import { assemble, program, type ArgumentTest, type Instruction, type Rule } from "./bpf.ts";
import { always, calls, type CallName } from "./calls.ts";

/** AUDIT_ARCH_* of linux/audit.h. */
export const arches = {
  x64: { column: 0, audit: 0xc000_003e, x32: true },
  arm64: { column: 1, audit: 0xc000_00b7, x32: false },
} as const;
export type Arch = keyof typeof arches;

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const newNamespaces = 0x7e02_0000;
/** CLONE_NEWTIME; in `clone` these bits are the exit signal. */
const newTime = 0x80;
const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
const typeMask = 0xf;
const rawSocket = 3;
const tiocsti = 0x5412;
const tioclinux = 0x541c;

/**
 * What a jail may not ask of the kernel. Everything else is allowed: Chromium and compilers must run. clone3 keeps its
 * flags in memory where no filter sees them; "no such call" makes libc use clone.
 */
export function jailFilter(arch: Arch): Instruction[] {
  const { column, audit, x32 } = arches[arch];
  const rule = (name: CallName, errno: number, when?: ArgumentTest[]): Rule[] => {
    const nr = calls[name][column];
    return nr === null ? [] : [{ nr, errno, ...(when ? { when } : {}) }];
  };
  const rules = [
    ...always.flatMap((name) => rule(name, EPERM)),
    ...rule("clone3", ENOSYS),
    ...rule("clone", EPERM, [{ argument: 0, anyBitOf: newNamespaces }]),
    ...rule("unshare", EPERM, [{ argument: 0, anyBitOf: newNamespaces | newTime }]),
    ...rule("socket", EAFNOSUPPORT, [{ argument: 0, notOneOf: Object.values(family) }]),
    ...rule("socket", EPERM, [
      { argument: 0, notOneOf: [family.unix, family.netlink] },
      { argument: 1, mask: typeMask, equals: rawSocket },
    ]),
    // Protocol 0 of netlink is routes: what lists a machine's own interfaces. The others are not for a jail.
    ...rule("socket", EAFNOSUPPORT, [
      { argument: 0, equals: family.netlink },
      { argument: 2, notOneOf: [0] },
    ]),
    // Typing into the terminal of another.
    ...rule("ioctl", EPERM, [{ argument: 1, equals: tiocsti }]),
    ...rule("ioctl", EPERM, [{ argument: 1, equals: tioclinux }]),
  ];
  return program({ arch: audit, x32, rules, enosys: ENOSYS });
}

/** The filter of this machine in bytes, or null for an architecture we have no numbers of. */
export function seccompBytes(arch: string): Uint8Array | null {
  return arch === "x64" || arch === "arm64" ? assemble(jailFilter(arch)) : null;
}
