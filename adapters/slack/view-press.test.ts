import { expect, test } from "vitest";
import { homeActions, ourActions } from "./actions.ts";
import { readHomeDecision, readHomeOpened, readPressed } from "./view-press.ts";

const approval = `ap_${"a".repeat(32)}`;
const payload = (action_id: string, value: string, more = {}) => ({
  type: "block_actions",
  trigger_id: "1.2.3",
  team: { id: "T1" },
  user: { id: "U1", team_id: "T2", username: "ada" },
  view: { type: "home" },
  actions: [{ action_id, value, action_ts: "1721000002.000100" }],
  ...more,
});

test("A11 the Home tab is published, the messages tab is a DM", () => {
  const event = (tab: string) => ({ team_id: "T1", event: { type: "app_home_opened", user: "U1", tab } });
  expect(readHomeOpened(event("home"))).toBe("slack:T1:U1");
  expect(readHomeOpened(event("messages"))).toBeNull();
  expect(readHomeOpened({ event: {} })).toBeNull();
});

test.each([
  ["deckhand:home:approve", approval, { action: "approve", subject: approval, value: "" }],
  ["deckhand:home:deny", approval, { action: "deny", subject: approval, value: "" }],
  ["deckhand:home:answer:1", `${approval}|2`, { action: "answer", subject: approval, value: "2" }],
  ["deckhand:home:dance", approval, null],
  ["deckhand:home:approve", "ap_1", null],
])("F2 a press on %s in Home", (id, value, decision) => {
  const press = readPressed(payload(id, value));
  expect(press).toMatchObject({ by: { id: "slack:T2:U1" }, inHome: true });
  expect(press && readHomeDecision(press)).toEqual(decision);
});

test("a press goes to its thread or to Home's own, never to both", () => {
  for (const id of ["deckhand:approve", "deckhand:answer:3", "deckhand:unknown"]) {
    expect(ourActions.test(id)).toBe(true);
    expect(homeActions.test(id)).toBe(false);
  }
  for (const id of ["deckhand:home:approve", "deckhand:edit", "deckhand:settings"])
    expect(ourActions.test(id)).toBe(false);
});

test("a payload of another form is none", () => {
  expect(readPressed(payload("deckhand:edit", approval, { actions: [] }))).toBeNull();
  expect(readPressed(payload("deckhand:edit", approval, { user: { id: "U 1" } }))).toBeNull();
});
