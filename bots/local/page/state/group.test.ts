import { expect, it } from "vitest";
import type { PageMessage } from "../../workspace/page-api.ts";
import { group } from "./group.ts";

const at = (iso: string, user: string, over: Partial<PageMessage> = {}): PageMessage => ({
  channel: "C1",
  ts: `${Date.parse(iso) / 1000}.000100`,
  threadTs: null,
  user,
  text: "",
  blocks: [],
  segments: [],
  streaming: false,
  files: [],
  edited: false,
  replyCount: 0,
  lastReply: null,
  ephemeral: false,
  ...over,
});
const shape = (messages: PageMessage[], zone = "UTC") =>
  group(messages, zone).map((row) => (row.kind === "day" ? row.key : row.lead ? row.message.user : "+"));

it("messages of one author stay together, a new day and a pause part them", () => {
  expect(
    shape([
      at("2026-11-20T23:58:00Z", "A"),
      at("2026-11-20T23:59:00Z", "A"),
      at("2026-11-21T00:01:00Z", "A"),
      at("2026-11-21T00:02:00Z", "B"),
      at("2026-11-21T00:10:00Z", "B"),
      at("2026-11-21T00:11:00Z", "B"),
    ]),
  ).toEqual(["day-2026-11-20", "A", "+", "day-2026-11-21", "A", "B", "B", "+"]);
});

it("the day is the reader's", () => {
  const messages = [at("2026-11-20T23:30:00Z", "A"), at("2026-11-21T00:30:00Z", "A")];
  expect(shape(messages, "America/New_York")).toEqual(["day-2026-11-20", "A", "A"]);
});

it("a private message never hides under a public one", () => {
  const messages = [at("2026-11-20T10:00:00Z", "A"), at("2026-11-20T10:00:30Z", "A", { ephemeral: true })];
  expect(shape(messages)).toEqual(["day-2026-11-20", "A", "A"]);
});

it("no messages make no rows", () => expect(group([])).toEqual([]));
