import { modulesOf } from "./imports.ts";
import { instrument } from "./instrument.ts";
import type { ModuleName } from "./modules/names.ts";
import { readProgram } from "./read.ts";

/** A name for the check that the program cannot know: it is drawn when its text is fixed already. */
export function checkName(code: string): string {
  for (;;) {
    const name = `$check_${crypto.randomUUID().replaceAll("-", "")}`;
    if (!code.includes(name)) return name;
  }
}

export interface Program {
  /** The module that holds it. */
  text: string;
  /** What it imports. */
  modules: ModuleName[];
}

/**
 * The module that holds the program: its default export takes the check and gives the program as a function.
 * The program's first line is the module's first line.
 * @throws CodeError
 */
export async function programModule(given: string, check: string = checkName(given)): Promise<Program> {
  const { code, tree } = await readProgram(given);
  const text = `export default (${check}) => async () => { ${instrument(code, check, tree, "looked at")}
};`;
  return { text, modules: modulesOf(tree) };
}
