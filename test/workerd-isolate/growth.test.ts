import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { greedy, greedyProgram } from "./natives.ts";
import { type Suite, startSuite } from "./start.ts";

let suite: Suite;
beforeAll(async () => {
  suite = await startSuite();
});
afterAll(() => suite.stop());

const user = "slack:T1:U1";
// What is looked at first takes its time on a busy machine; what is shown here is which bound it ends at.
const limits = { cpuMs: 30_000, wallMs: 50_000, maxHeldBytes: 256 * 1024 * 1024 };

describe("little that asks for much is refused before it is made", () => {
  it.each(Object.entries(greedy))("%s", async (_, code) => {
    const { result } = await suite.run({ user, code: greedyProgram(code), limits });
    expect(result.error?.code, JSON.stringify(result).slice(0, 300)).toBe("limit.memory");
  });
});
