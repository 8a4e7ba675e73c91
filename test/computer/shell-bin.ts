import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { build, type BuildOptions, type PluginBuild } from "esbuild";
import { instrument } from "../../kernel/sandbox/isolate/instrument.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "kernel/sandbox/computer/simulated/guest");
export const binFile = join(folder, "shell.bin");
const licenseFile = join(folder, "LICENSES.txt");

/** The name of the check in the shell's code: nothing in it is named so. */
const check = "$deckhandCheck";

const common: BuildOptions = {
  bundle: true,
  write: false,
  target: "es2024",
  minify: true,
  legalComments: "none",
  platform: "browser",
  metafile: true,
  alias: { turndown: join(import.meta.dirname, "absent.ts"), "node:zlib": join(import.meta.dirname, "zlib.ts") },
  external: ["@mongodb-js/zstd", "node-liblzma", "seek-bzip"],
  plugins: [{ name: "commands", setup: withoutCommands }],
};

/** Commands that are refused, or too large for what they are worth in a Worker: `file` alone is 66 KB. */
const leftOut = ["curl", "file", "html-to-markdown"];

/**
 * Takes commands out of just-bash's one browser file. Its modules are functions that are called when one is needed;
 * marked as pure, those of a command that nothing names any more are dropped.
 */
function withoutCommands(builder: PluginBuild): void {
  builder.onLoad({ filter: /just-bash\/dist\/bundle\/browser\.js$/ }, async ({ path }) => {
    const source = await readFile(path, "utf8");
    const [, lazy = ""] = /([\w$]+)=\(e,t\)=>\(\)=>\(e&&\(t=e\(e=0\)\),t\)/.exec(source) ?? [];
    if (lazy === "") throw new Error("just-bash is not bundled as it was: look at withoutCommands");
    let contents = source.replaceAll(
      new RegExp(`([=,])${lazy.replaceAll("$", "\\$")}\\(\\(\\)=>\\{`, "g"),
      `$1/* @__PURE__ */${lazy}(()=>{`,
    );
    for (const name of leftOut) {
      const entry = `\\{name:"${name}",load:async\\(\\)=>\\(await Promise\\.resolve\\(\\)\\.then\\(\\(\\)=>\\([^)]*\\(\\),[\\w$]+\\)\\)\\)\\.[\\w$]+\\},?`;
      const shorter = contents.replace(new RegExp(entry), "");
      if (shorter === contents) throw new Error(`just-bash has no ${name}: look at leftOut`);
      contents = shorter;
    }
    return { contents, loader: "js" };
  });
}

const entry = `import { WorkerEntrypoint } from "cloudflare:workers";
import { runOrder } from "./main.js";
import { setCheck, shell } from "./shell.js";
export default class extends WorkerEntrypoint {
  run(order, files, stopped) { return runOrder(shell.runShell, setCheck, order, (...args) => files.call(...args), stopped); }
}`;

/** The modules of the isolate of a simulated shell, as JSON, and the packages that are in them. */
export async function shellModules(): Promise<{ json: string; packages: string[] }> {
  const main = await build({ ...common, format: "esm", entryPoints: [join(folder, "main.ts")] });
  const shell = await build({
    ...common,
    format: "iife",
    globalName: "shell",
    entryPoints: [join(folder, "shell.ts")],
  });
  const text = shell.outputFiles?.[0]?.text ?? "";
  if (text.includes(check)) throw new Error(`${check} is a name in the shell's own code`);
  const modules = {
    "entry.js": entry,
    "main.js": main.outputFiles?.[0]?.text ?? "",
    "shell.js": `let ${check}=()=>{};export const setCheck=(f)=>{${check}=f};\n${instrument(text, check)}\nexport {shell};\n`,
  };
  const inputs = Object.keys(shell.metafile?.inputs ?? {});
  const names = inputs
    .map((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return { json: JSON.stringify(modules), packages: [...new Set(names)].toSorted() };
}

/** What the file that is there holds. */
export const modulesInFile = async (): Promise<string> => brotliDecompressSync(await readFile(binFile)).toString();

async function licenses(packages: string[]): Promise<string> {
  const texts = packages.map(async (name) => {
    for (const file of ["LICENSE", "LICENSE.md", "license", "LICENSE.txt"]) {
      const text = await readFile(join(root, "node_modules", name, file), "utf8").catch(() => null);
      if (text) return `── ${name}\n\n${text.trim()}\n`;
    }
    throw new Error(`${name} has no licence file`);
  });
  return `shell.bin holds code of these packages.\n\n${(await Promise.all(texts)).join("\n")}`;
}

/** `node test/computer/shell-bin.ts`, after a change in that folder or of just-bash. */
if (import.meta.main) {
  const { json, packages } = await shellModules();
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: json.length,
  };
  await writeFile(binFile, brotliCompressSync(json, { params }));
  await writeFile(licenseFile, await licenses(packages));
}
