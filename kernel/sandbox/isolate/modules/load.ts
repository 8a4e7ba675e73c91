import type { ModuleName } from "./names.ts";

/** Joins the modules to the meter: they have the same checks at loop heads and function entries as the program. */
export const checkModule = "check.js";
const checkText = "let look=()=>{};export const set=(check)=>{look=check};export const check=()=>look();";

/** The texts are large and seldom needed: each is evaluated with the first program that names it. */
const texts: Record<ModuleName, () => Promise<{ moduleText: string }>> = {
  csv: () => import("./text/csv.ts"),
  markdown: () => import("./text/markdown.ts"),
  xlsx: () => import("./text/xlsx.ts"),
  zip: () => import("./text/zip.ts"),
};

/** The modules a program names, as Worker Loader takes them; nothing when it names none. */
export async function loadModules(names: ModuleName[]): Promise<Record<string, string | { js: string }>> {
  if (names.length === 0) return {};
  const found: Record<string, string | { js: string }> = { [checkModule]: checkText };
  for (const name of names) found[name] = { js: (await texts[name]()).moduleText };
  return found;
}
