import { expect, test } from "vitest";
import { fc } from "../../test/fast-check.ts";
import type { Json } from "../tools/types.ts";
import { canonical } from "./canonical.ts";

test.each<[Json, string]>([
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  [{ B: 1, a: 2, A: 3 }, '{"A":3,"B":1,"a":2}'],
  [{ z: { d: [{ f: 1, e: 2 }], c: null } }, '{"z":{"c":null,"d":[{"e":2,"f":1}]}}'],
  [[2, 1], "[2,1]"],
  [[], "[]"],
  [{}, "{}"],
  [null, "null"],
  [false, "false"],
  [0, "0"],
  ["", '""'],
  [{ 'a"': "\n", "": 0, "a,b": "c:d" }, '{"":0,"a\\"":"\\n","a,b":"c:d"}'],
])("%j has its keys in order and nothing else moved", (value, text) => expect(canonical(value)).toBe(text));

/** The same value with the keys of every object put in anew, last first. */
const turned = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, one]) => [key, turned(one)]),
  );
};
// As it comes out of JSON: no -0, which JSON does not write.
const json = fc.jsonValue({ maxDepth: 4 }).map((value): Json => JSON.parse(JSON.stringify(value)));

// That the text is read back as the value also says that values which differ have different text.
test("equal values have equal text, whatever order their keys came in, and the text is the value's JSON", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonical(turned(value))).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(value);
    }),
  );
});
