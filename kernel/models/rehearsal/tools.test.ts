import { describe, expect, it } from "vitest";
import { toolByName, tools } from "../../tools/index.ts";
import { decide } from "./decide.ts";
import { phrases } from "./phrases.ts";
import { readTranscript } from "./transcript.ts";

const offered = new Set(tools.map(({ name }) => name));
const attached = "\n[file: uploads/rent.pdf (application/pdf, 12 KB)]";
const requests = [
  ...phrases.flatMap(({ examples }) => examples.filter((example) => !example.startsWith("a fenced"))),
  "run this\n```js\nreturn 1\n```",
  "ask me a question",
  "ask me which bread: rye, rye or spelt",
  `make a site called ${"very long ".repeat(40)} about ${"everything ".repeat(40)}`,
  "make a site called 日本",
];

describe("the calls of the rehearsal are what the real tools take", () => {
  it.each(requests)("%s", (request) => {
    const words = `[Ana writes]\n${request}${attached}`;
    const { calls, text, fail } = decide(
      readTranscript([{ role: "user", content: [{ type: "text", text: words }] }]),
      offered,
    );
    expect(text !== "" || calls.length > 0 || fail !== undefined).toBe(true);
    for (const call of calls)
      expect(
        toolByName(call.tool)?.input.safeParse(call.input),
        `${call.tool} ${JSON.stringify(call.input)}`,
      ).toMatchObject({ success: true });
  });
});
