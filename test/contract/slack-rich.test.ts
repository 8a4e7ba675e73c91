import { describe, expect, test } from "vitest";
import { slackIds } from "../../adapters/slack/ids.ts";
import { slackPort } from "../../adapters/slack/index.ts";
import { openFence } from "../../adapters/slack/split.ts";
import { delta, done, finished, presenter, stamp, started } from "./chat-port.contract.ts";
import type { Harness } from "./chat-port.contract.ts";
import { fakeSlack } from "./fake-slack.ts";
import { fc } from "../fast-check.ts";

const user = slackIds.user("T2", "U1");

function world(files: Record<string, string> = {}) {
  let now = 1721000100000;
  const slack = fakeSlack(() => now);
  const port = slackPort({ token: slack.token, apiUrl: slack.apiUrl, fetch: slack.fetch });
  const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root });
  const { show, view } = presenter({ port, thread, now: () => now, files } as Harness);
  return { slack, say: stamp(user), show, view, wait: (ms: number) => (now += ms) };
}

const rows = (count: number, word = "row") =>
  `| name | value |\n|---|---|\n${Array.from({ length: count }, (_, n) => `| ${word}${n} | ${n} |\n`).join("")}`;
const tables = (slack: ReturnType<typeof fakeSlack>) =>
  slack.messages.flatMap((message) =>
    [
      ...message.blocks,
      ...message.chunks.flatMap((chunk) => (chunk.type === "blocks" ? (chunk["blocks"] as object[]) : [])),
    ].filter((block) => "type" in block && block.type === "table"),
  );

describe("A9 long and rich answers", () => {
  test("a table is held back while it is written, and is then a table of Slack's", async () => {
    const { slack, say, show } = world();
    const text = `Here it is:\n\n${rows(30)}\nThat is all.`;
    await show(say(started()));
    for (let at = 20; at < text.length; at += 20) {
      await show(say(delta(text.slice(0, at))));
      expect(slack.shown().join("\n")).not.toContain("|---");
    }
    await show(say(done(text)), say(finished));
    expect(tables(slack)).toHaveLength(1);
    const shown = slack.shown().join("\n");
    for (const part of ["Here it is:", "row0 | 0", "row29 | 29", "That is all."]) expect(shown).toContain(part);
    expect(shown.match(/row\d+/g)).toHaveLength(30);
    expect(slack.refusals).toEqual([]);
  });

  test("two tables are two messages, for Slack takes one a message", async () => {
    const { slack, say, show } = world();
    await show(say(started()), say(done(`${rows(2, "one")}\n\nAnd\n\n${rows(2, "two")}\nEnd.`)), say(finished));
    expect(slack.refusals).toEqual([]);
    expect(slack.shown()).toHaveLength(2);
    expect(slack.shown()[0]).toContain("one1");
    expect(slack.shown()[1]).toContain("two1");
    expect(slack.shown()[1]).toContain("End.");
  });

  test("a table beyond Slack's limits is its first rows and a CSV file in the thread", async () => {
    const { slack, say, show } = world();
    await show(say(started()), say(delta("Look:\n\n")));
    await show(say(done(`Look:\n\n${rows(340)}\nThat is all.`)), say(finished));
    expect(slack.refusals).toEqual([]);
    const [shown, file, after] = slack.shown();
    expect(shown?.match(/row\d+/g)).toHaveLength(20);
    expect(file).toContain("all 340 are in this file");
    expect(slack.shared()).toMatchObject([{ name: "table.csv", text: expect.stringContaining("row339,339") }]);
    expect(after).toContain("That is all.");
  });

  test("where the CSV cannot be uploaded its rows are said as text", async () => {
    const { slack, say, show } = world();
    slack.fail("files.getUploadURLExternal", { error: "missing_scope" }, 9);
    await show(say(started()), say(done(`Look:\n\n${rows(340)}\nThat is all.`)), say(finished));
    const all = slack.shown().join("\n");
    expect(new Set(all.match(/row\d+/g))).toHaveLength(340);
    expect(all.indexOf("row339")).toBeLessThan(all.indexOf("That is all."));
  });

  test("past five messages all of the answer is in a file, said with a sentence", async () => {
    const { slack, say, show, view } = world();
    const text = Array.from({ length: 12_000 }, (_, n) => `word${n}${n % 50 === 49 ? "\n\n" : ""}`).join(" ");
    await show(say(started()));
    for (let at = 9000; at < text.length; at += 9000) await show(say(delta(text.slice(0, at))));
    await show(say(done(text)));
    await show(say(done("A word after.", "p2")), say(finished));
    const shown = slack.shown();
    expect(shown).toHaveLength(7);
    expect(shown[5]).toContain("all of it is in this file");
    expect(shown[6]).toBe("A word after.");
    expect(slack.shared()).toMatchObject([{ name: "answer.md", text }]);
    expect(
      shown
        .slice(0, 5)
        .join("")
        .match(/word\d+/g),
    ).toEqual(
      Array.from(
        {
          length:
            shown
              .slice(0, 5)
              .join("")
              .match(/word\d+/g)?.length ?? 0,
        },
        (_, n) => `word${n}`,
      ),
    );
    expect(JSON.stringify(view()).length).toBeLessThan(2000);
  });

  test("where that file cannot be uploaded the rest is said in messages after all", async () => {
    const { slack, say, show } = world();
    slack.fail("upload", { status: 429, retryAfter: 1 }, 2);
    slack.fail("files.completeUploadExternal", { error: "access_denied" });
    const words = Array.from({ length: 9000 }, (_, n) => `word${n}`);
    const events = [say(started()), say(done(words.join(" "))), say(finished)];
    for (let n = 0; n < 2; n++) await expect(show(...events)).rejects.toMatchObject({ code: "platform.unreachable" });
    await show(...events);
    expect(
      slack
        .shown()
        .join("\n")
        .match(/word\d+/g),
    ).toEqual(words);
  });

  test("invalid_blocks: once more as plain text, the table in rows", async () => {
    const { slack, say, show } = world();
    slack.fail("chat.postMessage", { error: "invalid_blocks" });
    await show(say(started()), say(done(`Here:\n\n${rows(200).slice(0, 1200)}\nThat is all.`)), say(finished));
    const all = slack.shown().join("\n");
    expect(all).toContain("| row9 | 9 |");
    expect(all).toContain("That is all.");
    expect(slack.messages.every((message) => message.blocks.length === 0)).toBe(true);
  });

  test("A10 an image of the person's files is uploaded and shown; every other stays a link with its host", async () => {
    const { slack, say, show } = world({ "home/chart.png": "PNG" });
    const text = "The chart:\n\n![Sales by month](home/chart.png)\n\n![x](https://i.example/c.png)\n\nDone.";
    await show(say(started()), say(delta(text.slice(0, 60))));
    await show(say(done(text)), say(finished));
    expect(slack.shared()).toMatchObject([{ name: "chart.png", alt: "Sales by month", text: "PNG" }]);
    const shown = slack.shown();
    expect(shown[0]).toContain("The chart:");
    expect(shown[1]).toBe("[file chart.png]");
    expect(shown[2]).toContain("(i.example)");
    expect(JSON.stringify(slack.messages)).not.toContain("image_url");
  });

  test("an image that is not there is said so", async () => {
    const { slack, say, show } = world();
    await show(say(started()), say(done("![Sales](home/none.png)\n\nDone.")), say(finished));
    expect(slack.shown().join("\n")).toContain("There is no home/none.png.");
    expect(slack.shown().join("\n")).toContain("Done.");
  });
});

/* Random Markdown. Each word is there once (`q12z`), so that what is lost or said twice is seen. */
type Part = (word: () => string) => string;
const line =
  (count: number): Part =>
  (word) =>
    Array.from({ length: count }, word).join(" ");
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map(
    (count): Part =>
      (word) =>
        `${line(count)(word)}\n\n`,
  ),
  fc.constantFrom(800, 2500).map(
    (count): Part =>
      (word) =>
        `${line(count)(word)}\n\n`,
  ),
  fc
    .record({ rows: fc.constantFrom(1, 5, 60, 150), columns: fc.constantFrom(1, 3, 12, 24), lead: fc.boolean() })
    .map(({ rows, columns, lead }): Part => (word) => {
      const row = () => `| ${Array.from({ length: columns }, word).join(" | ")} |\n`;
      return `${lead ? "\n" : ""}${row()}|${"---|".repeat(columns)}\n${Array.from({ length: rows }, row).join("")}\n`;
    }),
  fc
    .record({
      lines: fc.constantFrom(1, 20, 700),
      fence: fc.constantFrom("```", "~~~", "````"),
      info: fc.constantFrom("", "ts"),
    })
    .map(
      ({ lines, fence, info }): Part =>
        (word) =>
          `${fence}${info}\n${Array.from({ length: lines }, () => `const ${word()} = "<!here> | x |";\n`).join("")}${fence}\n\n`,
    ),
  fc.integer({ min: 1, max: 8 }).map(
    (depth): Part =>
      (word) =>
        `${Array.from({ length: depth }, (_, n) => `${"  ".repeat(n)}- ${word()}\n`).join("")}\n`,
  ),
  fc.constantFrom<Part>(
    (word) => `> ${word()} **${word()}** _${word()}_ ~~${word()}~~ \`${word()}\`\n\n`,
    (word) => `<b>${word()}</b> <!channel> <@U123> &amp; ${word()}\n\n`,
    (word) => `مرحبا ${word()} שלום ${word()} 👩‍👩‍👧‍👦🏳️‍🌈 ${word()} 漢字${"漢".repeat(200)}\n\n`,
    (word) => `[${word()}](https://a.example/${word()}) ![${word()}](https://i.example/${word()}.png)\n\n`,
    (word) => `![${word()}](home/none-${word()}.png)\n\n`,
    (word) => `# ${word()}\n\n---\n\n1. ${word()}\n2. ${word()}\n\n`,
    (word) => `| ${word()} not a table |\n\n`,
    (word) => `[${word()}]: https://evil.example\n\n\\${word()} \\| \\[ ${word()}\n\n`,
    (word) => `\`unclosed ${word()} ** [ ${word()}\n\n`,
  ),
);

test.each(["streamed", "posted"])(
  "A9 whatever the model writes (%s): nothing refused, no word lost, fences whole, tables never cut",
  async (how) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 7 }),
        fc.array(fc.nat(100), { maxLength: 6 }),
        async (parts, cuts) => {
          let count = 0;
          const word = () => `q${count++}z`;
          const text = parts.map((one) => one(word)).join("");
          const { slack, say, show } = world();
          if (how === "posted") slack.fail("chat.startStream", { error: "channel_type_not_supported" }, 9);
          await show(say(started()));
          for (const cut of cuts.toSorted((a, b) => a - b))
            await show(say(delta(text.slice(0, Math.floor((text.length * cut) / 100)))));
          await show(say(done(text)), say(finished));

          expect([slack.refusals, slack.problems]).toEqual([[], []]);
          const shown = slack.shown();
          for (const message of shown) expect(openFence(message)).toBeNull();
          const files = slack
            .shared()
            .map((file) => file.text)
            .join("\n");
          const words = new Set(
            [...shown.join("\n").matchAll(/q\d+z/g), ...files.matchAll(/q\d+z/g)].map((one) => one[0]),
          );
          expect(words.size).toBe(count);
          // Outside files a word stands once: an image that is not there names its path as well.
          const said: string[] = shown.join("\n").match(/q\d+z/g) ?? [];
          const twice = said.filter((one, n) => said.indexOf(one) !== n);
          const excused = slack.shared().length > 0 || text.includes("](home/") || text.includes("](https://");
          if (!excused) expect(twice).toEqual([]);
          // A row's cells stand together, whichever way the table is shown.
          for (const message of slack.messages)
            expect(message.blocks.filter((block) => block.type === "table").length).toBeLessThan(2);
        },
      ),
      { numRuns: Number(process.env["RICH_RUNS"] ?? 60), seed: Number(process.env["RICH_SEED"] ?? 11) },
    );
  },
  60_000,
);
