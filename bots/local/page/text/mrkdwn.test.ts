import { describe, expect, it } from "vitest";
import { parseMrkdwn } from "./mrkdwn.ts";
import { parseInline } from "./mrkdwn-inline.ts";
import { plain, type Inline } from "./rich.ts";

const t = (value: string): Inline => ({ t: "text", text: value });

describe("mrkdwn in a line", () => {
  it("reads bold, italic, strike and code, also inside each other", () => {
    expect(parseInline("*a _b_* ~c~ `*d*`")).toEqual([
      { t: "bold", children: [t("a "), { t: "italic", children: [t("b")] }] },
      t(" "),
      { t: "strike", children: [t("c")] },
      t(" "),
      { t: "code", text: "*d*" },
    ]);
  });

  it("leaves marks inside words and next to spaces as they are", () => {
    for (const source of ["snake_case_name", "2 * 3 * 4", "a*b*c", "**", "_ a _", "*open"]) {
      expect(parseInline(source)).toEqual([t(source)]);
    }
  });

  it("reads references to people, channels, groups and addresses", () => {
    expect(parseInline("<@U1> <#C1|general> <!here> <https://a.example/?x=1&amp;y=2|A &lt;b&gt;>")).toEqual([
      { t: "user", id: "U1", label: "" },
      t(" "),
      { t: "channel", id: "C1", label: "general" },
      t(" "),
      { t: "broadcast", range: "here" },
      t(" "),
      { t: "link", url: "https://a.example/?x=1&y=2", children: [t("A <b>")] },
    ]);
  });

  it("makes no link of another scheme, also when it is written in escapes", () => {
    expect(parseInline("<javascript:alert(1)|click>")).toEqual([t("click")]);
    expect(parseInline("<data:text/html,x>")).toEqual([t("data:text/html,x")]);
    expect(JSON.stringify(parseInline("<java\tscript:alert(1)|x>"))).not.toContain('"link"');
  });

  it("keeps escaped references inert, undoing each escape once", () => {
    expect(parseInline("&lt;!channel&gt; &lt;@U1&gt; &amp;lt;")).toEqual([t("<!channel> <@U1> &lt;")]);
  });

  it("reads emoji of the table and leaves the rest", () => {
    expect(parseInline(":anchor: :no_such: 10:30:45")).toEqual([
      { t: "emoji", name: "anchor", char: "⚓" },
      t(" :no_such: 10:30:45"),
    ]);
  });

  it("reads a date with its fallback, and leaves a broken one", () => {
    expect(parseInline("<!date^1700000000^{date} at {time}|then>")).toEqual([
      { t: "date", seconds: 1_700_000_000, format: "{date} at {time}", url: null, fallback: "then" },
    ]);
    expect(parseInline("<!date^soon^{date}|then>")).toEqual([t("<!date^soon^{date}|then>")]);
  });

  it("ends quickly on text made of nothing but marks", () => {
    const source = "*a _b ~c ".repeat(4_000);
    const begin = performance.now();
    expect(plain(parseInline(source))).toBe(source);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});

describe("mrkdwn in blocks", () => {
  it("reads paragraphs, quotes, lists and code", () => {
    const flow = parseMrkdwn("one\ntwo\n\n&gt; said\n• a\n• b\n3. c\n```\nx &lt; y\n```\nend");
    expect(flow.map((node) => node.t)).toEqual(["paragraph", "quote", "list", "list", "pre", "paragraph"]);
    expect(flow[0]).toEqual({ t: "paragraph", children: [t("one"), { t: "break" }, t("two")] });
    expect(flow[3]).toMatchObject({ ordered: true, start: 3 });
    expect(flow[4]).toEqual({ t: "pre", text: "x < y", language: "" });
  });

  it("keeps an unclosed fence as text", () => {
    expect(parseMrkdwn("a ``` b")).toEqual([{ t: "paragraph", children: [t("a ``` b")] }]);
  });

  it("gives nothing for nothing", () => {
    expect(parseMrkdwn("")).toEqual([]);
    expect(parseMrkdwn("\n \n")).toEqual([]);
  });
});
