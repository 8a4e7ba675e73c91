import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "acorn";
import { build, transform } from "esbuild";
import { instrument } from "../../kernel/sandbox/isolate/instrument.ts";
import { type ModuleName, moduleNames } from "../../kernel/sandbox/isolate/modules/names.ts";
import type { AnyNode } from "../../kernel/sandbox/isolate/walk.ts";
import { quoted } from "./guest-text.ts";

const folder = join(import.meta.dirname, "../../kernel/sandbox/isolate/modules");
export const textFileOf = (name: ModuleName) => join(folder, `text/${name}.ts`);

const target = "es2024";
const check = "$deckhandCheck";

/** The text of a module as the isolate gets it: bundled, with the program's checks in it, then made small. */
export async function moduleTextSource(name: ModuleName): Promise<string> {
  const built = await build({
    entryPoints: [join(folder, `source/${name}.ts`)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target,
    legalComments: "none",
  });
  const code = built.outputFiles[0]?.text ?? "";
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true }) as unknown as AnyNode;
  const checked = `import{check as ${check}}from"./check.js";${instrument(code, check, tree)}`;
  const small = await transform(checked, { minify: true, format: "esm", target, legalComments: "none" });
  return `/**
 * The module \`${name}\` as the isolate gets it. Made by \`node test/workerd-isolate/module-text.ts\`; a test fails when
 * it is not what its source says.
 */
export const moduleText =
  ${quoted(small.code)};
`;
}

if (import.meta.main) for (const name of moduleNames) await writeFile(textFileOf(name), await moduleTextSource(name));
