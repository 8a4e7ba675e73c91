import type { Answer, Ask, Fail } from "./calls.ts";
import type { Meter } from "./meter.ts";

/** The stub's one method: a tool's name, and its input as JSON text. */
export type ToolsCall = (name: string, input: string) => Promise<Answer & { waitedMs: number }>;

/** `TOOLS` as the program sees it: each tool as a method that takes the tool's input, and `list()`. */
export function toolsApi(
  names: readonly string[],
  call: ToolsCall,
  ask: Ask,
  fail: Fail,
  leave: Meter["leave"],
  maxInputChars: number,
): Record<string, (input?: unknown) => Promise<unknown>> {
  const use = async (name: string, input: unknown): Promise<unknown> => {
    let text: string | undefined;
    try {
      text = JSON.stringify(input ?? {});
    } catch (thrown) {
      throw fail(
        "input.invalid",
        `TOOLS.${name}: the input is no JSON: ${thrown instanceof Error ? thrown.message : "it threw"}`,
      );
    }
    if (text === undefined) throw fail("input.invalid", `TOOLS.${name}: the input is no JSON`);
    if (text.length > maxInputChars)
      throw fail(
        "input.invalid",
        `The input of TOOLS.${name} has ${text.length} characters; at most ${maxInputChars} are taken (limits.nested.maxInputChars). FILES.write takes larger files.`,
      );
    return ask(`TOOLS.${name}`, async () => {
      const back = leave();
      let waitedMs = 0;
      try {
        const answer = await call(name, text);
        ({ waitedMs } = answer);
        return answer;
      } finally {
        back(waitedMs);
      }
    });
  };
  const api = Object.fromEntries(names.map((name) => [name, (input?: unknown) => use(name, input)]));
  return Object.freeze({ ...api, list: () => use("list", {}) });
}
