import { describe, expect, it } from "vitest";
import { KernelError } from "../kernel/errors.ts";
import { UserId } from "../kernel/ids.ts";
import { maxCommandBytes } from "../kernel/sandbox/computer/bindings/names.ts";
import { boxCommand } from "./box-command.ts";

const ada = UserId.parse("slack:T1:U1");
const send = (body: string, method = "POST") =>
  new Request("http://worker/computer/call", method === "POST" ? { method, body } : { method });

describe("B13 a command line of a box", () => {
  const orders: unknown[] = [];
  const run = (request: Request, owner: UserId | null = ada, error: KernelError | null = null) =>
    boxCommand(request, {
      whose: async () => owner,
      kernel: (user) => ({
        boxCommand: async (order) => {
          orders.push([user, order]);
          return error === null
            ? { ok: true, value: { exitCode: 0, stdout: "out", stderr: "" } }
            : { ok: false, error: error.toShape() };
        },
      }),
    });

  it("goes to the Kernel of the person whose box it is", async () => {
    const answer = await run(send('{"words":["x"]}'));
    expect(await answer.json()).toEqual({ exitCode: 0, stdout: "out", stderr: "" });
    expect(orders).toEqual([[ada, { words: ["x"] }]]);
  });

  it.each([
    ["nobody's box", send("{}"), null, 404],
    ["a look", send("", "GET"), ada, 405],
    ["no JSON", send("{"), ada, 400],
    ["too much", send(`"${"x".repeat(maxCommandBytes)}"`), ada, 413],
  ])("%s gets nothing", async (_, request, owner, status) => expect((await run(request, owner)).status).toBe(status));

  it("what the Kernel refuses is said in its words", async () => {
    const answer = await run(send("{}"), ada, new KernelError("code.refused", "No command runs."));
    expect([answer.status, await answer.text()]).toEqual([403, "No command runs.\n"]);
  });
});
