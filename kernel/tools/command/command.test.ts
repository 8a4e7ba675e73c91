import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KernelError } from "../../errors.ts";
import { defineTool } from "../define.ts";
import { tools as real } from "../index.ts";
import type { Json, ToolDefinition } from "../types.ts";
import { runCommand } from "./command.ts";
import { toolHelp } from "./help.ts";

const paint = defineTool({
  name: "paint_wall",
  description: "Paints a wall. It dries by itself.",
  input: z.object({
    colour: z.enum(["red", "blue"]).describe("Which paint."),
    coats: z.number().int().min(1).max(3).default(1),
    gloss: z.boolean().optional(),
    walls: z.array(z.string()).optional(),
    sizes: z.array(z.number()).optional(),
    note: z.string().max(10).optional(),
    more: z.object({ a: z.number() }).optional(),
  }),
  capability: "fs.write",
  risk: "low",
  consent: "approve",
  title: () => "Paint",
  prepare: () => Promise.reject(new Error("not called here")),
  run: () => Promise.reject(new Error("not called here")),
});

describe("B13 a typed host function is a command inside the computer", () => {
  const run = async (words: string[], options: { stdin?: string; fail?: KernelError } = {}) => {
    const calls: { tool: string; input: Json }[] = [];
    const order = { words, stdin: options.stdin ?? null, call: "c" };
    const result = await runCommand(order, [paint] as ToolDefinition[], async (tool, input) => {
      calls.push({ tool, input });
      return options.fail
        ? { ok: false, error: options.fail.toShape() }
        : { ok: true, value: { output: { done: true } } };
    });
    return { ...result, calls };
  };

  it("flags become fields by their types", async () => {
    const words = ["paint-wall", "--colour", "red", "--coats=2", "--gloss", "--walls", "north", "--walls=south"];
    const { exitCode, stdout, calls } = await run([...words, "--sizes", "1", "--sizes", "2.5", "--more", '{"a":1}']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { done: true }]);
    expect(calls).toEqual([
      {
        tool: "paint_wall",
        input: { colour: "red", coats: 2, gloss: true, walls: ["north", "south"], sizes: [1, 2.5], more: { a: 1 } },
      },
    ]);
  });

  it("--json gives all fields, --no-flag turns off, - is stdin, a value may begin with a dash", async () => {
    expect((await run(["paint_wall", "--json", '{"colour":"blue"}', "--no-gloss"])).calls[0]?.input).toEqual({
      colour: "blue",
      gloss: false,
    });
    expect((await run(["paint_wall", "--json", "-"], { stdin: '{"colour":"red"}' })).exitCode).toBe(0);
    expect((await run(["paint_wall", "--colour=red", "--note", "-5"])).calls[0]?.input).toMatchObject({ note: "-5" });
  });

  it.each([
    [["paint_wall"], "--colour is needed"],
    [["paint_wall", "--colour", "green"], "--colour is one of: red, blue"],
    [["paint_wall", "--colour"], "--colour needs a value"],
    [["paint_wall", "red"], "“red” is no flag"],
    [["paint_wall", "--nope", "1"], "there is no flag --nope"],
    [["paint_wall", "--colour=red", "--coats", "many"], "--coats takes a number"],
    [["paint_wall", "--colour=red", "--coats", "9"], "--coats:"],
    [["paint_wall", "--colour=red", "--note", "x".repeat(11)], "--note:"],
    [["paint_wall", "--json", "{"], "--json takes JSON"],
    [["paint_wall", "--json", "[]"], "--json takes an object"],
    [["paint_wall", "--colour=red", "--note", "-"], "nothing comes in there"],
    [["paint_wall", "--__proto__", "x"], "there is no flag"],
    [["rm", "-rf"], "there is no tool named rm"],
  ])("%j is refused with a message and 2, and nothing runs", async (words, message) => {
    const result = await run(words);
    expect(result).toMatchObject({ exitCode: 2, stdout: "", calls: [] });
    expect(result.stderr).toContain(message);
    expect(result.stderr.startsWith("deckhand: ")).toBe(true);
  });

  it("a tool that failed ends with 1, a person's no with 3", async () => {
    const broken = new KernelError("tool.failed", "It broke.");
    expect(await run(["paint_wall", "--colour=red"], { fail: broken })).toMatchObject({
      exitCode: 1,
      stderr: "deckhand: It broke. (tool.failed)\n",
    });
    const denied = new KernelError("approval.denied", "Ann denied this.");
    expect((await run(["paint_wall", "--colour=red"], { fail: denied })).exitCode).toBe(3);
  });

  it("--help is read off the schema, for the list and for each real tool", async () => {
    expect((await run([])).stdout).toContain("paint_wall           Paints a wall.");
    const { stdout } = await run(["paint_wall", "--help"]);
    expect(stdout).toContain("--colour (red|blue, needed)\n      Which paint.");
    expect(stdout).toContain("--coats (integer, else 1)");
    expect(stdout).toContain("--walls (string, more than once)");
    expect(stdout).toContain("A person is asked in the thread");
    for (const tool of real) expect(toolHelp(tool)).toContain(`deckhand ${tool.name}\n`);
  });
});
