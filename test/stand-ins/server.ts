import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reply } from "./reply.ts";

/** What was asked, read into the same words for every provider. */
export interface Asked {
  model: string;
  /** Text of the last message of the person. */
  text: string;
  system: string;
  /** Pictures anywhere in the conversation, in their order. */
  images: { mediaType: string; bytes: Uint8Array }[];
  tools: string[];
  /** Results of tools after the last words of the person, as they came. */
  toolResults: { id: string; output: string }[];
}

export interface Recorded extends Asked {
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
  /** `left` when the client went away before the end. */
  ended: Promise<"done" | "left">;
}

export type Script = (asked: Recorded, index: number) => Reply | Promise<Reply>;

export interface HttpError {
  status: number;
  type: string;
  message: string;
  code?: string;
  retryAfterSeconds?: number;
}

/** One kind of request that a provider takes. */
export interface Wire {
  path: string;
  /** A refusal of what a real provider would refuse, or null. */
  refuse(headers: IncomingMessage["headers"], body: Record<string, unknown>): HttpError | null;
  read(body: Record<string, unknown>): Asked;
  errorBody(error: HttpError): unknown;
  /** The stream as SSE lines; a `pause` yields where the pieces are. */
  stream(reply: Reply, body: Record<string, unknown>): Iterable<string>;
}

export interface StandIn {
  /** Base URL as the provider's package wants it, with `/v1`. */
  url: string;
  requests: Recorded[];
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
}

function sendError(response: ServerResponse, wire: Wire, error: HttpError): void {
  const retry = error.retryAfterSeconds === undefined ? {} : { "retry-after": String(error.retryAfterSeconds) };
  response.writeHead(error.status, { "content-type": "application/json", ...retry });
  response.end(JSON.stringify(wire.errorBody(error)));
}

async function sendStream(
  response: ServerResponse,
  wire: Wire,
  reply: Reply,
  body: Record<string, unknown>,
  left: AbortSignal,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const events = [...wire.stream(reply, body)];
  const gone = once(left, "abort");
  for (const [at, event] of events.entries()) {
    if (at === events.length - 1 && reply.hold) await Promise.race([reply.hold, gone]);
    response.write(event);
    if (reply.pieceMs) await sleep(reply.pieceMs, undefined, { signal: left });
  }
  if (reply.fail?.kind === "cut") response.destroy();
  // A stall ends when the client leaves or the stand-in is closed.
  else if (reply.fail?.kind !== "hang") response.end();
}

/** Starts a stand-in on a free port of 127.0.0.1. */
export async function startStandIn(wires: Wire[], script: Script): Promise<StandIn> {
  const requests: Recorded[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", "http://stand-in").pathname;
    const wire = wires.find((known) => known.path === path);
    if (!wire || request.method !== "POST") {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"message":"no such path"}}');
      return;
    }
    const left = new AbortController();
    const ended = new Promise<"done" | "left">((resolve) => {
      response.once("close", () => {
        left.abort();
        resolve(response.writableFinished ? "done" : "left");
      });
    });
    const body = await readBody(request);
    const refused = wire.refuse(request.headers, body);
    if (refused) return sendError(response, wire, refused);
    const recorded: Recorded = { ...wire.read(body), path, headers: request.headers, body, ended };
    requests.push(recorded);
    const reply = await script(recorded, requests.length - 1);
    if (reply.fail?.kind === "status") return sendError(response, wire, reply.fail);
    if (reply.fail?.kind === "hang" && reply.fail.when === "before") return;
    await sendStream(response, wire, reply, body, left.signal);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

// ---- reading bodies ----

export const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const pick = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** `data:image/png;base64,…` as a picture, or null. */
export function pictureOf(dataUrl: unknown): { mediaType: string; bytes: Uint8Array } | null {
  const found = /^data:([^;,]+);base64,(.*)$/s.exec(text(dataUrl));
  return found ? { mediaType: found[1] ?? "", bytes: new Uint8Array(Buffer.from(found[2] ?? "", "base64")) } : null;
}
