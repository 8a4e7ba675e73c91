import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { limits } from "../../../../limits.ts";
import { internalHeaders } from "../../bindings/names.ts";

export interface WorkerHook {
  url: string;
  token: string;
}

/**
 * Hands a call of the box to `POST <worker>/computer/call`. Who asks is said by the socket it came on; nothing of the
 * box's own headers but the type of its body is passed on.
 */
export async function answerInternal(
  request: IncomingMessage,
  response: ServerResponse,
  { box, path, worker }: { box: string; path: string; worker: () => WorkerHook | null },
): Promise<void> {
  const say = (status: number, text: string) =>
    void response
      .writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" })
      .end(`${text}\n`);
  const hook = worker();
  if (hook === null) return say(503, "Deckhand's own commands are not served to computers yet.");
  if (request.method !== "POST") return say(405, "Deckhand takes calls by POST.");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.jail.egress.maxCallBytes) return say(413, "That call is too large.");
    chunks.push(chunk);
  }
  const onward = httpRequest(new URL("/computer/call", hook.url).href, {
    method: "POST",
    headers: {
      "content-type": request.headers["content-type"] ?? "application/octet-stream",
      "content-length": size,
      [internalHeaders.box]: box,
      [internalHeaders.token]: hook.token,
      [internalHeaders.path]: path,
    },
  });
  onward.once("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] ?? "text/plain" });
    answer.pipe(response);
  });
  onward.once("error", () => (response.headersSent ? response.destroy() : say(502, "Deckhand does not answer.")));
  response.once("close", () => onward.destroy());
  onward.end(Buffer.concat(chunks));
}
