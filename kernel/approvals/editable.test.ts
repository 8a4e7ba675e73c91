import { expect, test } from "vitest";
import { z } from "zod";
import { editableFields, revisedInput } from "./editable.ts";

const input = z.object({
  slug: z.string().min(1),
  pageTitle: z.string().max(9).optional(),
  count: z.number(),
  choices: z.array(z.string()),
});
const asked = { slug: "tea", count: 2, choices: ["a"] };

test("F3 the text fields of an input can be edited, the others cannot", () => {
  expect(editableFields(input, asked)).toEqual([
    { name: "slug", label: "Slug", value: "tea" },
    { name: "pageTitle", label: "Page title", value: "" },
  ]);
});

test("a tool whose input is no object has nothing to edit", () => {
  expect(editableFields(z.union([input, z.string()]), asked)).toEqual([]);
});

test("F3 what was not shown stays, what was emptied and may be absent goes, what must be there is left to the schema", () => {
  expect(revisedInput(input, asked, { slug: "coffee", pageTitle: "" })).toEqual({ ...asked, slug: "coffee" });
  expect(revisedInput(input, { ...asked, pageTitle: "Tea" }, { pageTitle: "" })).toEqual(asked);
  expect(revisedInput(input, asked, { slug: "" })).toEqual({ ...asked, slug: "" });
  expect(revisedInput(input, asked, "not an object")).toEqual(asked);
});

test("F3 an optional field that was filled in is kept", () => {
  expect(revisedInput(input, asked, { pageTitle: "Tea" })).toEqual({ ...asked, pageTitle: "Tea" });
});

test.each([null, "tea", ["tea"]])("an input of %j has no values, and what is edited is all there is of it", (given) => {
  expect(editableFields(input, given)).toEqual([
    { name: "slug", label: "Slug", value: "" },
    { name: "pageTitle", label: "Page title", value: "" },
  ]);
  expect(revisedInput(input, given, { slug: "coffee" })).toEqual({ slug: "coffee" });
});

test.each([
  ["siteSlug", "Site slug"],
  ["page_title", "Page title"],
  ["page--title__of-it", "Page title of it"],
  ["x", "X"],
])("the field %s is called %s", (name, label) => {
  expect(editableFields(z.object({ [name]: z.string() }), {})).toEqual([{ name, label, value: "" }]);
});
