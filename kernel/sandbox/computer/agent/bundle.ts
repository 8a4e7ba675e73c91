import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Makes the program of the box as one file for Node 24. @throws esbuild's error when the source does not build */
export async function bundleAgent(outFile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(import.meta.resolve("./main.ts"))],
    outfile: outFile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    // ws looks for native helpers that it can do without, and as CommonJS it wants a `require`.
    external: ["bufferutil", "utf-8-validate"],
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  });
}
