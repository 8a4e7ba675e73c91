import { describe, expect, it } from "vitest";
import { checkArguments, checkValue } from "./arguments.ts";
import { contractOf } from "./contract/contract.ts";
import type { Fields } from "./json.ts";
import { SlackError } from "./slack-error.ts";

const check = (method: string, raw: Fields): unknown => {
  const contract = contractOf(method);
  if (contract === null) throw new Error(method);
  try {
    return checkArguments(method, contract, raw);
  } catch (thrown) {
    if (thrown instanceof SlackError) return { error: thrown.error, ...thrown.extra };
    throw thrown;
  }
};

describe("arguments", () => {
  it("open JSON, numbers and booleans that come as text in a form", () => {
    const raw = { channel: "C1", ts: "1.1", limit: "20", include_all_metadata: "true", unknown: "x" };
    expect(check("conversations.replies", raw)).toEqual({
      channel: "C1",
      ts: "1.1",
      limit: 20,
      include_all_metadata: true,
    });
    expect(check("chat.postMessage", { channel: "C1", blocks: '[{"type":"divider"}]' })).toEqual({
      channel: "C1",
      blocks: [{ type: "divider" }],
    });
  });

  it("take a JSON body's own values", () => {
    const chunks = [{ type: "markdown_text", text: "x" }];
    expect(check("chat.appendStream", { channel: "C1", ts: "1.1", chunks })).toEqual({
      channel: "C1",
      ts: "1.1",
      chunks,
    });
  });

  it.each([
    ["conversations.replies", { channel: "C1" }, "invalid_arguments", "missing required field: ts"],
    [
      "conversations.replies",
      { channel: "C1", ts: "1", limit: "many" },
      "invalid_arguments",
      "must be a number [json-pointer:/limit]",
    ],
    [
      "conversations.replies",
      { channel: "C1", ts: "1", limit: 1001 },
      "invalid_arguments",
      "must be at most 1000 [json-pointer:/limit]",
    ],
    [
      "assistant.threads.setStatus",
      { channel_id: "D", thread_ts: "1", status: "s", loading_messages: "[]" },
      "invalid_arguments",
      "at least 1 items",
    ],
    [
      "files.completeUploadExternal",
      { files: '[{"title":"x"}]' },
      "invalid_arguments",
      "missing required field: id [json-pointer:/files/0]",
    ],
    ["files.getUploadURLExternal", { filename: "a", length: "0" }, "invalid_arguments", "[json-pointer:/length]"],
    ["chat.postMessage", { channel: "C1", metadata: "{" }, "invalid_metadata_format", "[json-pointer:/metadata]"],
  ])("%s %j is refused as %s", (method, raw, error, message) => {
    const refused = check(method, raw);
    expect(refused).toMatchObject({ error });
    expect(JSON.stringify(refused)).toContain(message);
  });

  it("take an empty status, which clears it", () => {
    const raw = { channel_id: "D1", thread_ts: "1.1", status: "" };
    expect(check("assistant.threads.setStatus", raw)).toEqual(raw);
  });

  it("need no markdown_text beside chunks", () => {
    expect(check("chat.appendStream", { channel: "C1", ts: "1" })).toEqual({ channel: "C1", ts: "1" });
  });

  it("say the type that was wanted", () => {
    expect(checkValue({ type: "string" }, 5, "/text")).toEqual({
      ok: false,
      problems: ["[ERROR] must be a string [json-pointer:/text]"],
    });
    expect(checkValue({ anyOf: [{ type: "string" }, { type: "null" }] }, null, "/x")).toEqual({
      ok: true,
      value: null,
    });
  });
});
