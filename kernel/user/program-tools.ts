import { unwrap } from "../errors.ts";
import type { ProgramTools } from "../sandbox/isolate/tools-call.ts";
import { catalogue } from "../tools/catalogue.ts";
import { tools } from "../tools/index.ts";
import type { Json } from "../tools/types.ts";
import type { Nested } from "./nested.ts";

/** Not from within itself. */
const without = ["exec_code"];
const names = tools.map(({ name }) => name).filter((name) => !without.includes(name));

/** The tools of one `exec_code` call as its program has them. */
export function programTools(nested: Pick<Nested, "call">): ProgramTools {
  return {
    names,
    list: () => catalogue(without) as unknown as Json,
    call: async (tool, input, wait) => {
      const reply = await nested.call({ tool, input, maxWaitMs: wait.leftMs(), waiting: () => wait.begin() });
      return unwrap(reply).output;
    },
  };
}
