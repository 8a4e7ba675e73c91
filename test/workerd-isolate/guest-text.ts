import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const guest = join(import.meta.dirname, "../../kernel/sandbox/isolate/guest");
export const textFile = join(guest, "text.ts");

/** The text of `kernel/sandbox/isolate/guest/text.ts` as it must be for the sources beside it. */
export async function guestTextSource(): Promise<string> {
  const built = await build({
    entryPoints: [join(guest, "run.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    minify: true,
    legalComments: "none",
  });
  const text = built.outputFiles[0]?.text ?? "";
  return `/**
 * The code of this folder as the isolate gets it: \`run.ts\` and what it imports, bundled.
 * Made by \`node test/workerd-isolate/guest-text.ts\`; a test fails when it is not what the sources say.
 */
export const guestText =
  ${quoted(text)};
`;
}

/** In the quotes that the formatter has for this text: those it holds fewer of. */
export function quoted(text: string): string {
  const double = JSON.stringify(text);
  const single = `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  const count = (quote: string) => text.split(quote).length;
  return count('"') > count("'") ? single : double;
}

if (import.meta.main) await writeFile(textFile, await guestTextSource());
