import { describe, expect, test } from "vitest";
import { action, assemble, type Instruction } from "./bpf.ts";
import { always, calls } from "./calls.ts";
import { arches, jailFilter, seccompBytes, type Arch } from "./filter.ts";

interface Call {
  nr: number;
  arch: number;
  args?: number[];
}

/** Runs a filter as the kernel does, for the few instructions that we use. */
function run(filter: Instruction[], { nr, arch, args = [] }: Call): number {
  const word = (offset: number): number =>
    offset === 0
      ? nr
      : offset === 4
        ? arch
        : offset >= 16 && offset % 8 === 0
          ? (args[(offset - 16) / 8] ?? 0)
          : Number.NaN;
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 1) {
    const { code, jt, jf, k } = filter[at] ?? { code: 0, jt: 0, jf: 0, k: 0 };
    if (code === 0x06) return k;
    if (code === 0x20) accumulator = word(k);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else {
      const holds =
        code === 0x15 ? accumulator === k : code === 0x35 ? accumulator >= k : (accumulator & k) >>> 0 !== 0;
      at += holds ? jt : jf;
    }
  }
  throw new Error("a filter ran over its end");
}

const refused = (errno: number) => action.fail(errno);

describe.each(["x64", "arm64"] as const)("the filter of a jail on %s", (arch: Arch) => {
  const filter = jailFilter(arch);
  const { column, audit } = arches[arch];
  const nr = (name: keyof typeof calls) => calls[name][column] ?? -1;
  const ask = (name: keyof typeof calls, ...args: number[]) => run(filter, { nr: nr(name), arch: audit, args });

  test("calls that nobody needs in there are refused", () => {
    for (const name of always) if (nr(name) >= 0) expect([name, ask(name)]).toEqual([name, refused(1)]);
    expect(always.length).toBeGreaterThan(40);
  });

  test("another architecture's calls end the process", () => {
    expect(run(filter, { nr: 0, arch: 0x4000_0003 })).toBe(action.killProcess);
  });

  test.each([
    ["a thread", [0x3d0f00], action.allow],
    ["a child", [17], action.allow],
    ["a user namespace", [0x1000_0000 | 17], refused(1)],
    ["a mount namespace", [0x2_0000 | 17], refused(1)],
    ["a network namespace", [0x4000_0000], refused(1)],
  ])("clone of %s", (_name, args, expected) => expect(ask("clone", ...args)).toBe(expected));

  test("clone3 does not exist, so that libc falls back to clone", () => expect(ask("clone3")).toBe(refused(38)));

  test.each([
    ["files only", 0x400, action.allow],
    ["user", 0x1000_0000, refused(1)],
    ["time", 0x80, refused(1)],
    ["user and network", 0x5000_0000, refused(1)],
  ])("unshare: %s", (_name, flags, expected) => expect(ask("unshare", flags)).toBe(expected));

  test.each([
    ["unix", [1, 1, 0], action.allow],
    ["tcp", [2, 1, 6], action.allow],
    ["tcp, close on exec, not blocking", [2, 0x80801, 6], action.allow],
    ["udp over IPv6", [10, 2, 17], action.allow],
    ["list of interfaces", [16, 3, 0], action.allow],
    ["raw", [2, 3, 1], refused(1)],
    ["raw, close on exec", [2, 0x80003, 255], refused(1)],
    ["raw IPv6", [10, 3, 58], refused(1)],
    ["packet", [17, 3, 768], refused(97)],
    ["netfilter", [16, 3, 12], refused(97)],
    ["audit", [16, 3, 9], refused(97)],
    ["kernel crypto", [38, 5, 0], refused(97)],
    ["vsock, which leads to the hypervisor", [40, 1, 0], refused(97)],
  ])("socket: %s", (_name, args, expected) => expect(ask("socket", ...args)).toBe(expected));

  test("typing into a terminal is refused, its size is not", () => {
    expect(ask("ioctl", 0, 0x5412)).toBe(refused(1));
    expect(ask("ioctl", 0, 0x541c)).toBe(refused(1));
    expect(ask("ioctl", 0, 0x5413)).toBe(action.allow);
  });

  test("all else is allowed", () => {
    const named = new Set<number | null>(Object.values(calls).map((pair) => pair[column]));
    for (let one = 0; one < 470; one += 1)
      if (!named.has(one)) expect([one, run(filter, { nr: one, arch: audit })]).toEqual([one, action.allow]);
  });
});

test("x32 calls on x86_64 are no such call", () => {
  expect(run(jailFilter("x64"), { nr: 0x4000_0000 + 101, arch: arches.x64.audit })).toBe(refused(38));
});

test("in bytes it is eight for each instruction, and within the kernel's 4096", () => {
  const filter = jailFilter("x64");
  expect(assemble(filter)).toHaveLength(filter.length * 8);
  expect(filter.length).toBeLessThan(4096);
  expect([...assemble(filter).subarray(0, 8)]).toEqual([0x20, 0, 0, 0, 4, 0, 0, 0]);
  expect(seccompBytes("riscv64")).toBeNull();
});
