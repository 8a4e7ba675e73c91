import { type Reply, piecesOf } from "./reply.ts";
import { type Asked, type Script, type StandIn, type Wire, list, pick, startStandIn, text } from "./server.ts";

/*
 * Anthropic's Messages API, streaming.
 * @see https://docs.claude.com/en/api/messages-streaming
 */

const blocksOf = (content: unknown): Record<string, unknown>[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : list(content);

const textOf = (content: unknown): string =>
  blocksOf(content)
    .map((block) => text(block["text"]))
    .join("\n");

function read(body: Record<string, unknown>): Asked {
  const messages = list(body["messages"]);
  const asked: Asked = {
    model: text(body["model"]),
    text: "",
    system: textOf(body["system"]),
    images: [],
    tools: list(body["tools"]).map((tool) => text(tool["name"])),
    toolResults: [],
  };
  const look = (blocks: Record<string, unknown>[]) => {
    for (const block of blocks) {
      if (block["type"] === "image" && pick(block["source"], "type") === "base64")
        asked.images.push({
          mediaType: text(pick(block["source"], "media_type")),
          bytes: new Uint8Array(Buffer.from(text(pick(block["source"], "data")), "base64")),
        });
      if (block["type"] === "tool_result") look(blocksOf(block["content"]));
    }
  };
  for (const message of messages) {
    const blocks = blocksOf(message["content"]);
    look(blocks);
    const said = blocks.filter((block) => block["type"] === "text");
    if (message["role"] === "user" && said.length > 0) {
      asked.text = textOf(said);
      asked.toolResults = [];
    }
    for (const block of blocks)
      if (block["type"] === "tool_result")
        asked.toolResults.push({ id: text(block["tool_use_id"]), output: textOf(block["content"]) });
  }
  return asked;
}

const bad = (message: string) => ({ status: 400, type: "invalid_request_error", message });

/** Every result must answer a call of the message before it. */
function unansweredResult(messages: Record<string, unknown>[]): boolean {
  return messages.some((message, index) => {
    const calls = blocksOf(messages[index - 1]?.["content"]).map((block) => block["id"]);
    return blocksOf(message["content"]).some(
      (block) => block["type"] === "tool_result" && !calls.includes(block["tool_use_id"]),
    );
  });
}

const event = (data: { type: string; [key: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

function* stream(reply: Reply, body: Record<string, unknown>): Iterable<string> {
  const { input, output } = reply.usage ?? { input: 12, output: 34 };
  yield event({
    type: "message_start",
    message: {
      id: `msg_${crypto.randomUUID()}`,
      type: "message",
      role: "assistant",
      model: body["model"],
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: input, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    },
  });
  let index = 0;
  if (reply.text) {
    yield event({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
    yield event({ type: "ping" });
    for (const piece of piecesOf(reply.text))
      yield event({ type: "content_block_delta", index, delta: { type: "text_delta", text: piece } });
    if (reply.fail?.kind === "hang" || reply.fail?.kind === "cut") return;
    yield event({ type: "content_block_stop", index });
    index += 1;
  }
  if (reply.fail?.kind === "hang" || reply.fail?.kind === "cut") return;
  if (reply.fail?.kind === "mid-stream") {
    yield event({ type: "error", error: { type: reply.fail.type, message: reply.fail.message } });
    return;
  }
  for (const call of reply.toolCalls ?? []) {
    const id = `toolu_${crypto.randomUUID().replaceAll("-", "")}`;
    yield event({
      type: "content_block_start",
      index,
      content_block: { type: "tool_use", id, name: call.name, input: {} },
    });
    yield event({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: "" } });
    for (const piece of piecesOf(JSON.stringify(call.input)))
      yield event({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: piece } });
    yield event({ type: "content_block_stop", index });
    index += 1;
  }
  yield event({
    type: "message_delta",
    delta: { stop_reason: reply.toolCalls?.length ? "tool_use" : "end_turn", stop_sequence: null },
    usage: { output_tokens: output },
  });
  yield event({ type: "message_stop" });
}

const messages: Wire = {
  path: "/v1/messages",
  refuse(headers, body) {
    if (!headers["x-api-key"]) return { status: 401, type: "authentication_error", message: "x-api-key is missing" };
    if (!headers["anthropic-version"]) return bad("anthropic-version: header is required");
    const all = list(body["messages"]);
    if (typeof body["max_tokens"] !== "number") return bad("max_tokens: Field required");
    if (all.length === 0) return bad("messages: at least one message is required");
    // As newer models answer to a prefilled answer.
    if (all.at(-1)?.["role"] !== "user") return bad("The conversation must end with a user message.");
    if (unansweredResult(all)) return bad("unexpected `tool_use_id` found in `tool_result` blocks");
    return null;
  },
  read,
  errorBody: ({ type, message }) => ({ type: "error", error: { type, message }, request_id: "req_stand_in" }),
  stream,
};

/** Starts the stand-in; give its `url` as ANTHROPIC_BASE_URL. */
export const startAnthropic = (script: Script): Promise<StandIn> => startStandIn([messages], script);
