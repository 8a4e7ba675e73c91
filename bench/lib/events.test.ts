import { expect, it } from "vitest";
import { parseEvent } from "../../adapters/slack/parse.ts";
import { chatterBody, mentionBodies } from "./events.ts";

const said = { channel: "C0GENERAL", user: "U0ADA", ts: "1721000000.000100", text: "echo one" };

it("chatter is read as a message that is addressed to nobody", () => {
  const { input } = parseEvent(JSON.parse(chatterBody(said)));
  expect(input).toMatchObject({ kind: "message", text: "echo one", addressed: "none" });
});

it("a mention is two events for the very same message", () => {
  const [message, mention] = mentionBodies(said).map((body) => parseEvent(JSON.parse(body)).input);
  expect(message).toMatchObject({ kind: "message", text: "echo one", addressed: "mention" });
  expect(mention).toEqual(message);
});

it("a channel that the workspace does not have is named", () => {
  expect(() => chatterBody({ ...said, channel: "C0NOWHERE" })).toThrow("C0NOWHERE");
});
