import type { Plugin } from "vite";

/** What every turn imports when it is first needed. */
const files = /\/kernel\/(?:thread\/index|models\/registry)\.ts$/;
const lazy = /await import\("(\.[^"]+)"\)/g;

/**
 * Makes imports of the first use imports of the start. Here each of them asks Vite anew, over a promise that all objects
 * share: an object that is taken away in that moment would leave the others waiting for ever. In a real Worker they are
 * the runtime's own, and nobody waits.
 */
export const importAtOnce = (): Plugin => ({
  name: "import-at-once",
  enforce: "pre",
  transform(code, id) {
    if (!files.test(id)) return null;
    const paths = [...new Set([...code.matchAll(lazy)].map((found) => found[1] ?? ""))];
    const head = paths.map((path, n) => `import * as atOnce${n} from ${JSON.stringify(path)};`).join("");
    return { code: head + code.replaceAll(lazy, (_, path: string) => `atOnce${paths.indexOf(path)}`), map: null };
  },
});
