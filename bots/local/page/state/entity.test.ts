import { describe, expect, it } from "vitest";
import { readEntity } from "./entity.ts";

describe("a Work Object", () => {
  it("shows its title, what it is, its fields in order and where its buttons lead", () => {
    const view = readEntity({
      entity_type: "slack#/entities/content_item",
      url: "https://sites.example/tea",
      external_ref: { id: "tea" },
      entity_payload: {
        attributes: { title: { text: "Tea shop" }, product_name: "Deckhand", display_id: "v3" },
        fields: { created_by: { type: "slack#/types/user", user: { text: "Ada" } }, description: { value: "Leaves" } },
        custom_fields: [{ key: "visits", label: "Visits today", value: 7, type: "integer" }, { key: "none" }],
        actions: {
          primary_actions: [{ text: "Open", action_id: "open", url: "https://sites.example/tea" }],
          overflow_actions: [{ text: "Unpublish", action_id: "unpublish" }],
        },
      },
    });
    expect(view).toMatchObject({ title: "Tea shop", about: "Document · Deckhand · v3" });
    expect(view.fields.map((field) => [field.label, field.value])).toEqual([
      ["Created by", "Ada"],
      ["Description", "Leaves"],
      ["Visits today", "7"],
    ]);
    expect(view.links).toEqual([{ text: "Open", url: "https://sites.example/tea" }]);
  });

  it("that is nothing of the kind is an empty card, not a crash", () => {
    for (const raw of [null, 1, {}, { entity_payload: { fields: 3, custom_fields: "x", actions: [] } }]) {
      expect(readEntity(raw)).toMatchObject({ title: "", fields: [], links: [] });
    }
  });
});
