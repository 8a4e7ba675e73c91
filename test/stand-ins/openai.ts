import { type Reply, piecesOf } from "./reply.ts";
import { type Asked, type HttpError, type Script, type StandIn, type Wire } from "./server.ts";
import { list, pick, pictureOf, startStandIn, text } from "./server.ts";

/*
 * OpenAI's two streaming wires: Responses, which `@ai-sdk/openai` speaks, and Chat Completions, which everything
 * compatible (Ollama too) speaks.
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */

const partsOf = (content: unknown): Record<string, unknown>[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : list(content);
const textOf = (content: unknown): string =>
  partsOf(content)
    .map((part) => text(part["text"]))
    .join("\n");

function emptyAsked(body: Record<string, unknown>): Asked {
  return {
    model: text(body["model"]),
    text: "",
    system: "",
    images: [],
    tools: list(body["tools"]).map((tool) => text(tool["name"] ?? pick(tool["function"], "name"))),
    toolResults: [],
  };
}

function addMessage(asked: Asked, item: Record<string, unknown>): void {
  const role = item["role"];
  for (const part of partsOf(item["content"])) {
    // Responses give the address itself, Chat Completions an object around it.
    const picture = pictureOf(pick(part["image_url"], "url") ?? part["image_url"]);
    if (picture) asked.images.push(picture);
  }
  if (role === "system" || role === "developer") asked.system = textOf(item["content"]);
  if (role !== "user") return;
  asked.text = textOf(item["content"]);
  asked.toolResults = [];
}

const errorBody = ({ type, message, code }: HttpError): unknown => ({
  error: { message, type, param: null, code: code ?? null },
});
const stopsShort = (reply: Reply): boolean => reply.fail?.kind === "hang" || reply.fail?.kind === "cut";
const usageOf = (reply: Reply) => reply.usage ?? { input: 12, output: 34 };

// ---- Responses ----

function* responsesStream(reply: Reply, body: Record<string, unknown>): Iterable<string> {
  let sequence = 0;
  const event = (data: { type: string; [key: string]: unknown }): string =>
    `event: ${data.type}\ndata: ${JSON.stringify({ ...data, sequence_number: sequence++ })}\n\n`;
  const response = {
    id: `resp_${crypto.randomUUID()}`,
    object: "response",
    created_at: 1_760_000_000,
    model: body["model"],
    output: [],
  };
  yield event({ type: "response.created", response: { ...response, status: "in_progress" } });
  yield event({ type: "response.in_progress", response: { ...response, status: "in_progress" } });
  let output_index = 0;
  if (reply.text) {
    const id = `msg_${crypto.randomUUID()}`;
    const item = { type: "message", id, role: "assistant" };
    yield event({
      type: "response.output_item.added",
      output_index,
      item: { ...item, status: "in_progress", content: [] },
    });
    const at = { item_id: id, output_index, content_index: 0 };
    yield event({
      type: "response.content_part.added",
      ...at,
      part: { type: "output_text", text: "", annotations: [] },
    });
    for (const piece of piecesOf(reply.text)) yield event({ type: "response.output_text.delta", ...at, delta: piece });
    if (stopsShort(reply)) return;
    const part = { type: "output_text", text: reply.text, annotations: [] };
    yield event({ type: "response.output_text.done", ...at, text: reply.text });
    yield event({ type: "response.content_part.done", ...at, part });
    yield event({
      type: "response.output_item.done",
      output_index,
      item: { ...item, status: "completed", content: [part] },
    });
    output_index += 1;
  }
  if (stopsShort(reply)) return;
  if (reply.fail?.kind === "mid-stream") {
    const { type, message } = reply.fail;
    const error = { code: type, message };
    yield event({ type: "response.failed", response: { ...response, status: "failed", error } });
    return;
  }
  for (const call of reply.toolCalls ?? []) {
    const args = JSON.stringify(call.input);
    const id = `fc_${crypto.randomUUID()}`;
    const item = { type: "function_call", id, call_id: `call_${crypto.randomUUID()}`, name: call.name };
    yield event({
      type: "response.output_item.added",
      output_index,
      item: { ...item, status: "in_progress", arguments: "" },
    });
    for (const piece of piecesOf(args))
      yield event({ type: "response.function_call_arguments.delta", item_id: id, output_index, delta: piece });
    yield event({ type: "response.function_call_arguments.done", item_id: id, output_index, arguments: args });
    yield event({
      type: "response.output_item.done",
      output_index,
      item: { ...item, status: "completed", arguments: args },
    });
    output_index += 1;
  }
  const { input, output } = usageOf(reply);
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
  yield event({ type: "response.completed", response: { ...response, status: "completed", usage } });
}

const bearer = (value: string | undefined): HttpError | null =>
  /^Bearer .+/.test(value ?? "") ? null : { status: 401, type: "invalid_request_error", message: "no key was given" };

const responses: Wire = {
  path: "/v1/responses",
  refuse: (headers) => bearer(headers.authorization),
  read(body) {
    const asked = emptyAsked(body);
    for (const item of list(body["input"])) {
      if (item["role"]) addMessage(asked, item);
      if (item["type"] === "function_call_output")
        asked.toolResults.push({
          id: text(item["call_id"]),
          output: typeof item["output"] === "string" ? item["output"] : textOf(item["output"]),
        });
    }
    return asked;
  },
  errorBody,
  stream: responsesStream,
};

// ---- Chat Completions ----

function* chatStream(reply: Reply, body: Record<string, unknown>): Iterable<string> {
  const base = {
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: "chat.completion.chunk",
    created: 1_760_000_000,
    model: body["model"],
  };
  const chunk = (delta: unknown, finish_reason: string | null = null): string =>
    `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  yield chunk({ role: "assistant", content: "" });
  for (const piece of piecesOf(reply.text ?? "")) yield chunk({ content: piece });
  if (stopsShort(reply)) return;
  if (reply.fail?.kind === "mid-stream") {
    const { type, message } = reply.fail;
    yield `data: ${JSON.stringify({ error: { message, type, param: null, code: null } })}\n\n`;
    return;
  }
  for (const [index, call] of (reply.toolCalls ?? []).entries()) {
    const id = `call_${crypto.randomUUID()}`;
    yield chunk({ tool_calls: [{ index, id, type: "function", function: { name: call.name, arguments: "" } }] });
    for (const piece of piecesOf(JSON.stringify(call.input)))
      yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield chunk({}, reply.toolCalls?.length ? "tool_calls" : "stop");
  const { input, output } = usageOf(reply);
  if (pick(body["stream_options"], "include_usage") === true) {
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    yield `data: ${JSON.stringify({ ...base, choices: [], usage })}\n\n`;
  }
  yield "data: [DONE]\n\n";
}

const chat: Wire = {
  path: "/v1/chat/completions",
  // Compatible servers at home take requests without a key.
  refuse: () => null,
  read(body) {
    const asked = emptyAsked(body);
    for (const message of list(body["messages"])) {
      if (message["role"] === "tool")
        asked.toolResults.push({ id: text(message["tool_call_id"]), output: textOf(message["content"]) });
      else addMessage(asked, message);
    }
    return asked;
  },
  errorBody,
  stream: chatStream,
};

/** Starts the stand-in; give its `url` as OPENAI_BASE_URL, COMPAT_BASE_URL or OLLAMA_BASE_URL. */
export const startOpenAI = (script: Script): Promise<StandIn> => startStandIn([responses, chat], script);
