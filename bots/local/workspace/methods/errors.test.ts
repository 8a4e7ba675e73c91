import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contractOf } from "../contract/contract.ts";
import { servedMethods } from "../contract/served.ts";

/** In no method's list, but seen of Slack. */
const seen = new Set([
  "cannot_provide_both_markdown_text_and_chunks",
  "streaming_mode_mismatch",
  "invalid_arguments", // any method
]);

it("every error that a method gives is one that Slack documents or that was seen", () => {
  const documented = new Set(servedMethods.flatMap((method) => contractOf(method)?.errors ?? []));
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".ts") && !name.includes(".test."));
  const sources = [...files.map((name) => join(import.meta.dirname, name)), join(import.meta.dirname, "../streams.ts")];
  const given = sources.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/(?:SlackError|withMessages)\(\s*"([a-z_]+)"/g)].map(
      (match) => match[1] ?? "",
    ),
  );
  expect(given.length).toBeGreaterThan(40);
  expect(given.filter((error) => !documented.has(error) && !seen.has(error))).toEqual([]);
});
