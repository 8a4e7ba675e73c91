import { describe, expect, it } from "vitest";
import type { PagePerson } from "../../workspace/page-api.ts";
import { candidates, decode, encode, mentionAt } from "./mention.ts";

const person = (id: string, name: string, realName: string, bot = false): PagePerson => ({
  id,
  name,
  realName,
  color: "",
  bot,
});
const people = [
  person("U1", "ada", "Ada"),
  person("U2", "grace", "Grace Hopper"),
  person("U3", "gracie", "Gracie"),
  person("U9", "deckhand", "Deckhand", true),
];

describe("the mention being written", () => {
  it("is found at the caret, at the start of a word only", () => {
    expect(mentionAt("hi @de", 6)).toEqual({ start: 3, query: "de" });
    expect(mentionAt("@", 1)).toEqual({ start: 0, query: "" });
    expect(mentionAt("mail a@b", 8)).toBeNull();
    expect(mentionAt("hi @de there", 3)).toBeNull();
    expect(mentionAt("@ada did it now", 15)).toBeNull();
  });

  it("offers the bot first, then names that start so", () => {
    expect(candidates(people, "").map((p) => p.id)).toEqual(["U9", "U1", "U2", "U3"]);
    expect(candidates(people, "grac").map((p) => p.id)).toEqual(["U2", "U3"]);
    expect(candidates(people, "zzz")).toEqual([]);
  });
});

describe("what is typed and what is stored", () => {
  it("turns names into references, the longest name first", () => {
    expect(encode("@Deckhand ask @Grace Hopper and @gracie, not a@ada.example", people)).toBe(
      "<@U9> ask <@U2> and <@U3>, not a@ada.example",
    );
    expect(encode("@adalbert @nobody", people)).toBe("@adalbert @nobody");
  });

  it("gives back what was typed", () => {
    expect(decode("<@U9> a &lt;b&gt; &amp; <https://a.example/x|x>", people)).toBe(
      "@Deckhand a <b> & https://a.example/x",
    );
    expect(encode(decode("<@U9> hi", people), people)).toBe("<@U9> hi");
  });
});
