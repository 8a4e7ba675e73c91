import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gzipSync } from "node:zlib";
import { examined } from "./examined.ts";
import { bareNatives, greedy, greedyProgram, unpacking, unpackingProgram } from "./natives.ts";
import { type Suite, startSuite } from "./start.ts";

let suite: Suite;
beforeAll(async () => {
  suite = await startSuite();
});
afterAll(() => suite.stop());

const user = "slack:T1:U1";
// What is looked at first takes its time on a busy machine; what is shown here is which bound it ends at.
const limits = { cpuMs: 30_000, wallMs: 50_000, maxHeldBytes: 128 * 1024 * 1024 };

describe("little that asks for much is refused before it is made", () => {
  it.each(Object.entries(greedy))("%s", async (_, code) => {
    const { result } = await suite.run({ user, code: greedyProgram(code), limits });
    expect(result.error?.code, JSON.stringify(result).slice(0, 300)).toBe("limit.memory");
  });

  it.each(unpacking)("a body that unpacks itself, read by %s()", async (method) => {
    const packed = gzipSync(new Uint8Array(40 * 1024 * 1024)).toString("base64");
    const small = { ...limits, maxAllocationBytes: 8 * 1024 * 1024 };
    const { result } = await suite.run({ user, code: unpackingProgram(method, packed), limits: small });
    expect(result.error?.code, JSON.stringify(result).slice(0, 300)).toBe("limit.memory");
  });
});

it("every native of the runtime is guarded, or was looked at and makes no more than it is given", async () => {
  const { result } = await suite.run({ user, code: bareNatives });
  expect(result.error).toBeNull();
  expect(result.value).toEqual(examined);
});
