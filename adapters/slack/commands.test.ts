import { expect, test } from "vitest";
import { blockProblems } from "../../bots/local/workspace/blocks.ts";
import { doctorReply, helpReply, modelReply, readAsked, readCommand, sayReply, stopReply } from "./commands.ts";

const form = { command: "/deckhand", team_id: "T1", user_id: "U1", user_name: "ada", trigger_id: "1.2.3" };

test.each([
  ["", { name: "help", unknown: null }],
  ["help", { name: "help", unknown: null }],
  ["  Threads ", { name: "threads" }],
  ["stop now", { name: "stop" }],
  ["model", { name: "model", model: undefined }],
  ["model anthropic:claude-sonnet-5-5", { name: "model", model: "anthropic:claude-sonnet-5-5" }],
  ["model default", { name: "model", model: null }],
  ["sing a song", { name: "help", unknown: "sing" }],
  ["&lt;!channel&gt;", { name: "help", unknown: "<!channel>" }],
])("A11 /deckhand %s", (text, asked) => {
  expect(readAsked(text)).toEqual(asked);
});

test("A11 who typed it is who Slack says; a form that is none is nothing", () => {
  expect(readCommand({ ...form, text: "files" })).toEqual({
    by: { id: "slack:T1:U1", name: "ada" },
    asked: { name: "files" },
    id: "1.2.3",
  });
  expect(readCommand({ ...form, user_id: "U1:evil" })).toBeNull();
  expect(readCommand({})).toBeNull();
});

test.each([
  ["help", helpReply("<!here>`")],
  ["a refusal", sayReply("Nothing was changed", "MODEL starts with <!channel>")],
  ["a model", modelReply({ model: "compat:<@U1>`" }, true)],
  ["stop", stopReply(2)],
  ["doctor", doctorReply([{ name: "Model", on: false, detail: "<https://a|b> ".repeat(400) }], "It <!here> broke.")],
])("A11 the answer of %s is for one person, in blocks that Slack takes, and means nothing to it", (_, reply) => {
  expect(reply.response_type).toBe("ephemeral");
  expect(blockProblems(reply.blocks, "message")).toEqual([]);
  expect(JSON.stringify(reply)).not.toMatch(/<!|<@|<https/);
});
