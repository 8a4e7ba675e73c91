import { expect, it } from "vitest";
import { keep, rawOf } from "./raw.ts";

it("takes texts, options, people and several of them to plain values", () => {
  expect(rawOf({ type: "plain_text_input", value: "Ada" })).toBe("Ada");
  expect(rawOf({ type: "static_select", selected_option: { value: "a", text: {} } })).toBe("a");
  expect(rawOf({ type: "users_select", selected_option: "U0ADA" })).toBe("U0ADA");
  expect(rawOf({ type: "static_select", selected_option: null })).toBeNull();
  expect(rawOf({ type: "checkboxes", selected_options: [{ value: "a" }, "b"] })).toEqual(["a", "b"]);
});

it("keeps each input under its block and action, and leaves the others", () => {
  const one = keep({}, "b", "x", { value: "1" });
  expect(keep(one, "b", "y", { value: "2" })).toEqual({ b: { x: "1", y: "2" } });
  expect(one).toEqual({ b: { x: "1" } });
});
