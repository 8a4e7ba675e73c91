import type { Answer, Ask, Fail } from "./calls.ts";
import type { Meter } from "./meter.ts";
import { weigh } from "./weigh.ts";

/** The stub's one method: a tool's name, and its input as JSON text. */
export type ToolsCall = (name: string, input: string) => Promise<Answer & { waitedMs: number }>;

/** Found out before it is made into text: that alone may take long. */
function tooMuch(input: unknown, maxChars: number, maxValues: number, fail: (why: string) => Error): void {
  let values = 0;
  let chars = 0;
  weigh(input, 0, (more) => {
    values += 1;
    chars += more;
    // Each is counted once or twice, with as many as six characters for one.
    if (values > maxValues * 2) throw fail(`has more than ${maxValues} values (limits.nested.maxInputValues)`);
    if (chars > maxChars * 6)
      throw fail(`has more than ${maxChars} characters (limits.nested.maxInputChars): FILES.write takes larger files`);
  });
}

/** `TOOLS` as the program sees it: each tool as a method that takes the tool's input, and `list()`. */
export function toolsApi(
  names: readonly string[],
  call: ToolsCall,
  ask: Ask,
  fail: Fail,
  leave: Meter["leave"],
  maxInputChars: number,
  maxInputValues: number,
): Record<string, (input?: unknown) => Promise<unknown>> {
  const use = async (name: string, input: unknown): Promise<unknown> => {
    let text: string | undefined;
    let refused: Error | null = null;
    const refuse = (why: string) => (refused = fail("input.invalid", `The input of TOOLS.${name} ${why}`));
    try {
      tooMuch(input, maxInputChars, maxInputValues, refuse);
      text = JSON.stringify(input ?? {});
    } catch (thrown) {
      if (refused) throw refused;
      throw fail(
        "input.invalid",
        `TOOLS.${name}: the input is no JSON: ${thrown instanceof Error ? thrown.message : "it threw"}`,
      );
    }
    if (text === undefined) throw fail("input.invalid", `TOOLS.${name}: the input is no JSON`);
    if (text.length > maxInputChars)
      throw fail(
        "input.invalid",
        `The input of TOOLS.${name} has ${text.length} characters; at most ${maxInputChars} are taken (limits.nested.maxInputChars)`,
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
