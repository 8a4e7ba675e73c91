import { runInDurableObject } from "cloudflare:test";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { expect, test } from "vitest";
import { ThreadId, TurnId, UserId } from "../../kernel/ids.ts";
import { callWithin, Ledger } from "../../kernel/user/ledger.ts";
import { Nested } from "../../kernel/user/nested.ts";
import { Work } from "../../kernel/work.ts";
import type { ToolCall } from "../../kernel/user/types.ts";
import { bindings } from "./desk.ts";

const user = UserId.parse("slack:T1:U-lineage");
const turn = TurnId.parse("message:slack:T1:C1:1.1");
const call = (tool: string, id: string): ToolCall => ({
  tool,
  input: {},
  pinned: null,
  answer: null,
  thread: ThreadId.parse("slack:T1:C1:1.1"),
  turn,
  call: id,
  userName: "Ada",
  eyes: false,
});

test("B13 a call knows all that it was made from within, also one that came by a person's yes", async () => {
  await runInDurableObject(bindings.KERNEL.getByName(user), async (_kernel, { storage }) => {
    const ledger = new Ledger(drizzle(storage));
    const ran: string[] = [];
    /** What a tool that is run in the Kernel has in its hands. */
    const nestedOf = (parent: ToolCall): Nested => {
      ledger.start(parent, "process.run", 0);
      const run = async (made: ToolCall) => {
        ran.push(`${ledger.above(made).join(" ")} → ${made.tool}`);
        return { ok: true as const, value: { output: null, detail: "", events: [], numbers: [], sights: [] } };
      };
      const deps = { user, thread: () => ({}) as never, run };
      const { signal } = new AbortController();
      const work = new Work({ parent: null });
      return new Nested(deps, {
        call: parent,
        above: ledger.above(parent),
        work,
        signal,
        tell: () => {},
        see: () => {},
      });
    };
    const codes = async (nested: Nested, ...wanted: string[]) => {
      const input = { code: "1", command: "id", why: "x", path: "home/a" };
      const answers = await Promise.all(wanted.map((tool) => nested.call({ tool, input })));
      return answers.map((answer) => (answer.ok ? "ok" : answer.error.code));
    };
    // A provider's own id may have our sign in it.
    const program = call("exec_code", "functions.exec_code:0");
    const inProgram = nestedOf(program);
    expect(await codes(inProgram, "exec_code", "computer_bash")).toEqual(["code.refused", "ok"]);
    const bash = call("computer_bash", callWithin(program.call, 1));
    expect(await codes(nestedOf(bash), "exec_code", "computer_bash", "read_file")).toEqual([
      "code.refused",
      "code.refused",
      "ok",
    ]);
    // One that asked: the Thread has it run, and tells nothing of where it came from.
    const commit = call("repo_commit", callWithin(program.call, 2));
    expect(await codes(nestedOf(commit), "exec_code", "computer_bash")).toEqual(["code.refused", "ok"]);
    const deep = call("computer_bash", callWithin(commit.call, 1));
    expect(await codes(nestedOf(deep), "read_file")).toEqual(["code.refused"]);
    expect(ran).toEqual([
      "exec_code → computer_bash",
      "exec_code computer_bash → read_file",
      "exec_code repo_commit → computer_bash",
    ]);
    expect(ledger.above(call("read_file", "functions.read_file:0"))).toEqual([]);
    expect(ledger.above({ turn: TurnId.parse("message:other"), call: bash.call })).toEqual([]);
  });
});
