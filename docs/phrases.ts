import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { phrasesTable } from "../kernel/models/rehearsal/phrases.ts";

/*
 * Writes the table of the rehearsal model's phrases into README.md:
 *   node bots/local/start.mjs docs/phrases.ts && npm run format
 */
const file = join(import.meta.dirname, "../README.md");
const between = /(<!-- phrases: [^>]* -->\n)[\s\S]*?(<!-- \/phrases -->)/;
const readme = readFileSync(file, "utf8");
if (!between.test(readme)) throw new Error("README.md has lost the marks between which the phrases stand.");
writeFileSync(
  file,
  readme.replace(between, (_, open: string, close: string) => `${open}\n${phrasesTable()}\n\n${close}`),
);
