import { instrument } from "./instrument.ts";

/** A name for the check that the program cannot know: it is drawn when its text is fixed already. */
export function checkName(code: string): string {
  for (;;) {
    const name = `$check_${crypto.randomUUID().replaceAll("-", "")}`;
    if (!code.includes(name)) return name;
  }
}

/**
 * The module that holds the program: its default export takes the check and gives the program as a function.
 * The program's first line is the module's first line.
 * @throws CodeError
 */
export function programModule(code: string, check: string = checkName(code)): string {
  return `export default (${check}) => async () => { ${instrument(code, check)}\n};`;
}
