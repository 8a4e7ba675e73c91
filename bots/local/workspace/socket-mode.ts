import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { fieldsOf, parseJson, textOf, type Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import { app } from "./seed.ts";
import { WebSocketConnection } from "./web-socket.ts";

export interface SocketEnvelope {
  type: "events_api" | "interactive" | "slash_commands";
  payload: Fields;
  /** Of events: how often it was sent before, and why again. */
  retry?: { num: number; reason: string };
}

/** What the app answered, or why it did not. */
export type Acknowledged = { ok: true; payload: Fields } | { ok: false; reason: "timeout" | "gone" };

interface Waiter {
  connection: WebSocketConnection;
  settle: (acknowledged: Acknowledged) => void;
}

/**
 * Socket Mode: an app behind a firewall opens a WebSocket and gets events, presses and commands through it. While one is
 * open it takes the place of the request URLs.
 * @see https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export class SocketMode {
  readonly #tickets = new Map<string, number>();
  readonly #connections = new Set<WebSocketConnection>();
  readonly #waiting = new Map<string, Waiter>();
  readonly #opened: () => void;
  #turn = 0;

  /** @param opened somebody has connected: what waited can be sent */
  constructor(opened: () => void) {
    this.#opened = opened;
  }

  get live(): boolean {
    return this.#connections.size > 0;
  }

  /** A ticket for one connection, good for half a minute. */
  ticket(now: number): string {
    const ticket = randomUUID();
    this.#tickets.set(ticket, now + bounds.socket.ticketMs);
    const oldest = this.#tickets.keys().next().value;
    if (this.#tickets.size > bounds.hooks && oldest !== undefined) this.#tickets.delete(oldest);
    return ticket;
  }

  /** A request for an upgrade: `/link/?ticket=…`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, now: number): void {
    const url = new URL(request.url ?? "/", "http://local.invalid");
    const ticket = url.searchParams.get("ticket") ?? "";
    const until = this.#tickets.get(ticket) ?? 0;
    this.#tickets.delete(ticket);
    const full = this.#connections.size >= bounds.socket.connections;
    if (url.pathname !== "/link/" || until < now || full) {
      socket.end(`HTTP/1.1 ${full ? "429 Too Many Requests" : "404 Not Found"}\r\nConnection: close\r\n\r\n`);
      return;
    }
    const connection: WebSocketConnection = new WebSocketConnection(request, socket, head, {
      message: (text) => this.#acknowledged(text),
      closed: () => this.#lost(connection),
    });
    this.#connections.add(connection);
    const hello = {
      type: "hello",
      num_connections: this.#connections.size,
      debug_info: { host: "local", build_number: 1, approximate_connection_time: bounds.socket.lifeSeconds },
      connection_info: { app_id: app.id },
    };
    connection.send(JSON.stringify(hello));
    this.#opened();
  }

  /** Sends to one of the connections, each in its turn, and waits for the acknowledgement. */
  request({ type, payload, retry }: SocketEnvelope): Promise<Acknowledged> {
    const all = [...this.#connections];
    const connection = all[this.#turn++ % Math.max(1, all.length)];
    const id = randomUUID();
    const envelope = {
      envelope_id: id,
      type,
      payload,
      accepts_response_payload: type !== "events_api",
      ...(type === "events_api" ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? "" } : {}),
    };
    if (connection === undefined || !connection.send(JSON.stringify(envelope))) {
      return Promise.resolve({ ok: false, reason: "gone" });
    }
    return new Promise((resolve) => {
      const settle = (acknowledged: Acknowledged): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(acknowledged);
      };
      const timer = setTimeout(() => settle({ ok: false, reason: "timeout" }), bounds.interactionMs);
      timer.unref();
      this.#waiting.set(id, { connection, settle });
    });
  }

  /** Tells every connection to come again, as Slack does when it recycles a server; it closes them when they have gone. */
  disconnect(reason: "warning" | "refresh_requested" | "link_disabled"): void {
    for (const connection of this.#connections) {
      connection.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "local" } }));
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  #acknowledged(text: string): void {
    const answer = fieldsOf(parseJson(text));
    this.#waiting.get(textOf(answer.envelope_id))?.settle({ ok: true, payload: fieldsOf(answer.payload) });
  }

  #lost(connection: WebSocketConnection): void {
    this.#connections.delete(connection);
    for (const waiter of this.#waiting.values()) {
      if (waiter.connection === connection) waiter.settle({ ok: false, reason: "gone" });
    }
  }
}
