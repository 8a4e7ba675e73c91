/** One instruction of classic BPF, as `struct sock_filter` of linux/filter.h. */
export interface Instruction {
  code: number;
  /** Instructions skipped when the comparison holds, and when it does not. */
  jt: number;
  jf: number;
  k: number;
}

const loadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
const jumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const jumpIfAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const jumpIfAnyBit = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const and = 0x54; // BPF_ALU | BPF_AND | BPF_K
const give = 0x06; // BPF_RET | BPF_K

/** Offsets in `struct seccomp_data`: the number, the architecture, and the low half of each argument. */
const at = { nr: 0, arch: 4, argument: (index: number) => 16 + 8 * index };

export const action = {
  allow: 0x7fff_0000,
  killProcess: 0x8000_0000,
  /** The call fails with this error number. */
  fail: (errno: number) => 0x0005_0000 | errno,
};

/** Something an argument of a call must be, for the call to be refused. */
export type ArgumentTest =
  | { argument: number; anyBitOf: number }
  | { argument: number; mask?: number; equals: number }
  | { argument: number; notOneOf: number[] };

export interface Rule {
  /** The call's number on this architecture. */
  nr: number;
  errno: number;
  /** All must hold; none: the call is always refused. */
  when?: ArgumentTest[];
}

const load = (k: number): Instruction => ({ code: loadWord, jt: 0, jf: 0, k });
const ret = (k: number): Instruction => ({ code: give, jt: 0, jf: 0, k });

/** The test with both ways out relative to its end: 0 goes on, `miss` instructions ahead gives up this rule. */
function testOf(test: ArgumentTest, miss: number): Instruction[] {
  const head = load(at.argument(test.argument));
  if ("anyBitOf" in test) return [head, { code: jumpIfAnyBit, jt: 0, jf: miss, k: test.anyBitOf }];
  if ("notOneOf" in test)
    return [
      head,
      ...test.notOneOf.map((k, index, all) => ({ code: jumpIfEqual, jt: miss + all.length - 1 - index, jf: 0, k })),
    ];
  const masked = test.mask === undefined ? [] : [{ code: and, jt: 0, jf: 0, k: test.mask }];
  return [head, ...masked, { code: jumpIfEqual, jt: 0, jf: miss, k: test.equals }];
}

/** One rule as a block that ends in its refusal, or is jumped over with the call's number loaded again. */
function blockOf(rule: Rule): Instruction[] {
  // From the back: each test must know how far it is to the end of the block.
  let body: Instruction[] = [ret(action.fail(rule.errno))];
  for (const test of (rule.when ?? []).toReversed()) body = [...testOf(test, body.length), ...body];
  const reload = rule.when ? [load(at.nr)] : [];
  return [{ code: jumpIfEqual, jt: 0, jf: body.length, k: rule.nr }, ...body, ...reload];
}

/** A whole filter: another architecture's calls end the process, x32's fail, the rules refuse, all else is allowed. */
export function program(options: { arch: number; x32: boolean; rules: Rule[]; enosys: number }): Instruction[] {
  return [
    load(at.arch),
    { code: jumpIfEqual, jt: 1, jf: 0, k: options.arch },
    ret(action.killProcess),
    load(at.nr),
    ...(options.x32 ? [{ code: jumpIfAtLeast, jt: 0, jf: 1, k: 0x4000_0000 }, ret(action.fail(options.enosys))] : []),
    ...options.rules.flatMap(blockOf),
    ret(action.allow),
  ];
}

/** The bytes the kernel wants; both architectures are little-endian. */
export function assemble(instructions: Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, jt, jf, k }] of instructions.entries()) {
    if (jt > 255 || jf > 255) throw new RangeError("a jump of a filter is too long");
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, jt);
    view.setUint8(index * 8 + 3, jf);
    view.setUint32(index * 8 + 4, k >>> 0, true);
  }
  return bytes;
}
