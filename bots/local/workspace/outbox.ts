import type { Prepare } from "./database.ts";
import { fieldsOf, parseJson, textOf, type Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import { signedHeaders } from "./signature.ts";
import type { SocketMode } from "./socket-mode.ts";

/** One try to deliver one event. */
export interface Delivery {
  eventId: string;
  type: string;
  channel: string;
  ts: string;
  text: string;
  /** Exactly as it was sent, to be sent again. */
  body: string;
  /** 0 for the first try; else the number in `X-Slack-Retry-Num`. */
  attempt: number;
  at: number;
  /** From the first byte sent to the answer's head, in milliseconds. */
  ackMs: number;
  status: number | null;
  ok: boolean;
  reason: string | null;
}

export interface OutboxOptions {
  sql: Prepare;
  signingSecret: string;
  url: () => string | null;
  /** Puts an event into its envelope. */
  wrap: (event: Fields, place?: string) => Fields;
  /** While one is open, the way to the app. */
  sockets: SocketMode;
  now: () => number;
  signingNow: () => number;
  patience: () => number;
  onDelivery: (delivery: Delivery) => void;
}

/** While a try is under way its row is not due; longer than a try can take. */
const holdMs = 70_000;

interface Row {
  id: number;
  body: string;
  /** In the table the number of the last try, -1 for none; for a delivery the number of this one. */
  attempt: number;
  reason: string | null;
}

/**
 * Undelivered events and their retries: within 3 s or again at once, after a minute, after five, then given up.
 * A row is written before the first try and goes when it was acknowledged, so a restart goes on where it was.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #inFlight = new Set<number>();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** How often the Worker has come back. */
  #lives = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  send(event: Fields, place?: string): string {
    const wrapped = this.#options.wrap(event, place);
    this.#add(JSON.stringify(wrapped), -1, null);
    return textOf(wrapped.event_id);
  }

  /** A body exactly as given, with retry headers when `attempt` is above 0. */
  sendRaw(body: string, attempt: number, reason: string | null): void {
    this.#add(body, attempt - 1, reason);
  }

  /** Everything that waits is tried at once: the workspace has started, or the Worker has moved. */
  retryAll(): void {
    this.#options.sql("UPDATE outbox SET due_at = 0").run();
    this.pump();
  }

  /**
   * The Worker was away, and is back: everything that waits is sent again at once, and what is on its way when that
   * fails. Slack knows nothing of this and would keep to its schedule, so the try is not counted: of Slack's four none
   * is used up by it. What may have come the first time comes as a retry.
   */
  redeliver(): void {
    this.#lives += 1;
    this.#options.sql("UPDATE outbox SET due_at = 0, attempt = max(attempt - 1, min(attempt, 0))").run();
    this.pump();
  }

  waiting(): number {
    return Number(this.#options.sql("SELECT count(*) AS n FROM outbox").get()?.n ?? 0);
  }

  clear(): void {
    this.#options.sql("DELETE FROM outbox").run();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #reachable(): boolean {
    return this.#options.sockets.live || this.#options.url() !== null;
  }

  #add(body: string, attempt: number, reason: string | null): void {
    const { sql, now } = this.#options;
    const goesNow = this.#reachable() && this.#inFlight.size < bounds.delivery.inFlight;
    const insert = sql("INSERT INTO outbox (body, attempt, due_at, reason) VALUES (?, ?, ?, ?)");
    const stored = insert.run(body, goesNow ? attempt + 1 : attempt, goesNow ? Math.floor(now()) + holdMs : 0, reason);
    const id = Number(stored.lastInsertRowid);
    sql("DELETE FROM outbox WHERE id <= ?").run(id - bounds.delivery.queued);
    if (goesNow) void this.#deliver({ id, body, attempt: attempt + 1, reason });
  }

  /** Starts every try that is due, and sets the timer for the next. */
  pump(): void {
    const { sql, now } = this.#options;
    if (this.#abort.signal.aborted || !this.#reachable()) return;
    const at = Math.floor(now());
    const room = bounds.delivery.inFlight - this.#inFlight.size;
    if (room > 0) {
      const due = sql("SELECT id, body, attempt, reason FROM outbox WHERE due_at <= ? ORDER BY id LIMIT ?");
      for (const row of due.all(at, room + this.#inFlight.size) as unknown as Row[]) {
        if (this.#inFlight.has(row.id)) continue;
        const attempt = row.attempt + 1;
        // Counted before it is sent: after a kill in between, Slack too would count it as sent.
        sql("UPDATE outbox SET attempt = ?, due_at = ? WHERE id = ?").run(attempt, at + holdMs, row.id);
        void this.#deliver({ ...row, attempt });
      }
    }
    clearTimeout(this.#timer);
    const next = sql("SELECT min(due_at) AS due FROM outbox").get()?.due;
    if (typeof next !== "number") return;
    this.#timer = setTimeout(() => this.pump(), Math.max(1, next - at));
    this.#timer.unref();
  }

  async #deliver(row: Row): Promise<void> {
    const { sql, now } = this.#options;
    this.#inFlight.add(row.id);
    const life = this.#lives;
    const delivery = await this.#post(row, row.attempt);
    this.#inFlight.delete(row.id);
    if (this.#abort.signal.aborted) return;
    const pause = bounds.delivery.retryAfterMs[row.attempt];
    if (delivery.ok || pause === undefined) sql("DELETE FROM outbox WHERE id = ?").run(row.id);
    else {
      const retry = sql("UPDATE outbox SET due_at = ?, reason = ? WHERE id = ?");
      // It was sent to a Worker that has gone meanwhile.
      const wait = life === this.#lives ? pause : 0;
      retry.run(Math.floor(now()) + wait, delivery.reason, row.id);
    }
    this.#options.onDelivery(delivery);
    this.pump();
  }

  async #post(row: Row, attempt: number): Promise<Delivery> {
    const { now, signingSecret, patience } = this.#options;
    const wrapped = fieldsOf(parseJson(row.body));
    const event = fieldsOf(wrapped.event);
    const began = performance.now();
    const delivery: Delivery = {
      eventId: textOf(wrapped.event_id),
      type: [textOf(event.type), textOf(event.subtype)].filter((part) => part !== "").join("."),
      channel: textOf(event.channel),
      ts: textOf(event.ts),
      text: textOf(event.text).slice(0, 200),
      body: row.body,
      attempt,
      at: now(),
      ackMs: 0,
      status: null,
      ok: false,
      reason: null,
    };
    if (this.#options.sockets.live) return this.#throughSocket(delivery, wrapped, row.reason);
    const timeout = AbortSignal.timeout(bounds.delivery.timeoutMs * patience());
    try {
      const response = await fetch(this.#options.url() ?? "", {
        method: "POST",
        redirect: "manual",
        headers: {
          "content-type": "application/json",
          ...signedHeaders(signingSecret, row.body, this.#options.signingNow()),
          ...(attempt > 0
            ? { "x-slack-retry-num": String(attempt), "x-slack-retry-reason": row.reason ?? "http_timeout" }
            : {}),
        },
        body: row.body,
        signal: AbortSignal.any([timeout, this.#abort.signal]),
      });
      delivery.ackMs = performance.now() - began;
      await response.arrayBuffer();
      delivery.status = response.status;
      delivery.ok = response.ok || response.headers.get("x-slack-no-retry") === "1";
      delivery.reason = delivery.ok ? null : "http_error";
    } catch {
      delivery.ackMs = performance.now() - began;
      delivery.reason = timeout.aborted ? "http_timeout" : "connection_failed";
    }
    return delivery;
  }

  async #throughSocket(delivery: Delivery, payload: Fields, reason: string | null): Promise<Delivery> {
    const began = performance.now();
    const retry = delivery.attempt === 0 ? {} : { retry: { num: delivery.attempt, reason: reason ?? "timeout" } };
    const said = await this.#options.sockets.request({ type: "events_api", payload, ...retry });
    const ackMs = performance.now() - began;
    if (said.ok) return { ...delivery, ackMs, status: 200, ok: true };
    return { ...delivery, ackMs, reason: said.reason === "timeout" ? "timeout" : "connection_failed" };
  }
}
