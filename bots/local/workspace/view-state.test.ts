import { describe, expect, it } from "vitest";
import { fieldErrors, stateValues } from "./view-state.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
const input = (block_id: string, element: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "input",
  block_id,
  label: plain(block_id),
  element: { action_id: "it", ...element },
  ...more,
});
const blocks = [
  input("name", { type: "plain_text_input", min_length: 2, max_length: 5 }),
  input("model", { type: "static_select", options: [option("a"), option("b")], initial_option: option("a") }),
  input("days", { type: "checkboxes", options: [option("mon"), option("tue")] }, { optional: true }),
  input("who", { type: "users_select", initial_user: "U0ADA" }),
  input("rooms", { type: "multi_conversations_select" }, { optional: true }),
  input("from", { type: "datepicker", initial_date: "2026-11-01" }),
  input("at", { type: "datetimepicker", initial_date_time: 5 }),
  input("count", { type: "number_input", is_decimal_allowed: false, min_value: "1", max_value: "9" }),
  {
    type: "section",
    block_id: "s",
    text: plain("x"),
    accessory: { type: "radio_buttons", action_id: "r", options: [option("y")] },
  },
  { type: "actions", block_id: "b", elements: [{ type: "button", action_id: "go", text: plain("Go") }] },
];

describe("the state of a view", () => {
  it("holds every input, untouched ones with what they began with, and no button", () => {
    expect(stateValues(blocks, {})).toEqual({
      name: { it: { type: "plain_text_input", value: null } },
      model: { it: { type: "static_select", selected_option: option("a") } },
      days: { it: { type: "checkboxes", selected_options: [] } },
      who: { it: { type: "users_select", selected_user: "U0ADA" } },
      rooms: { it: { type: "multi_conversations_select", selected_conversations: [] } },
      from: { it: { type: "datepicker", selected_date: "2026-11-01" } },
      at: { it: { type: "datetimepicker", selected_date_time: 5 } },
      count: { it: { type: "number_input", value: null } },
      s: { r: { type: "radio_buttons", selected_option: null } },
    });
  });

  it("holds what was filled in, and of choices only those that are offered", () => {
    const values = stateValues(blocks, {
      name: { it: "Ada" },
      model: { it: "b" },
      days: { it: ["tue", "sun"] },
      who: { it: null },
      rooms: { it: ["C1", "C2"] },
      at: { it: "2026-11-01T00:00:00Z" },
      s: { r: "forged" },
    });
    expect(values).toMatchObject({
      name: { it: { value: "Ada" } },
      model: { it: { selected_option: option("b") } },
      days: { it: { selected_options: [option("tue")] } },
      who: { it: { selected_user: null } },
      rooms: { it: { selected_conversations: ["C1", "C2"] } },
      at: { it: { selected_date_time: 1_793_491_200 } },
      s: { r: { selected_option: null } },
    });
  });

  it("is refused where a required field is empty or holds what it may not", () => {
    const errors = (given: Parameters<typeof stateValues>[1]) => fieldErrors(blocks, stateValues(blocks, given));
    expect(Object.keys(errors({}))).toEqual(["name", "count"]);
    expect(errors({ name: { it: "A" }, count: { it: "2.5" } })).toEqual({
      name: "Please write at least 2 characters.",
      count: "Please write a whole number.",
    });
    expect(errors({ name: { it: "Ada Lovelace" }, count: { it: "10" } })).toMatchObject({
      name: "Please write at most 5 characters.",
      count: "Please write 9 or less.",
    });
    expect(errors({ name: { it: "Ada" }, count: { it: "9" } })).toEqual({});
  });
});
