import type { Prepare } from "./database.ts";
import { bounds } from "./limits.ts";
import { MessageRecord } from "./records.ts";

const read = (row: Record<string, unknown>): MessageRecord => MessageRecord.parse(JSON.parse(String(row.data)));

/** Messages by channel and stamp; stamps have ten digits before the dot, so text order is time order. */
export class MessageStore {
  readonly #sql: Prepare;

  constructor(prepare: Prepare) {
    this.#sql = prepare;
  }

  put(message: MessageRecord): void {
    this.#sql("INSERT OR REPLACE INTO messages (channel, ts, thread_ts, data) VALUES (?, ?, ?, ?)").run(
      message.channel,
      message.ts,
      message.threadTs,
      JSON.stringify(message),
    );
    const live = message.stream?.state === "live";
    const sql = live
      ? "INSERT OR IGNORE INTO live_streams (channel, ts) VALUES (?, ?)"
      : "DELETE FROM live_streams WHERE channel = ? AND ts = ?";
    if (message.stream !== null) this.#sql(sql).run(message.channel, message.ts);
  }

  remove(channel: string, ts: string): void {
    this.#sql("DELETE FROM messages WHERE channel = ? AND ts = ?").run(channel, ts);
    this.#sql("DELETE FROM live_streams WHERE channel = ? AND ts = ?").run(channel, ts);
  }

  get(channel: string, ts: string): MessageRecord | null {
    const row = this.#sql("SELECT data FROM messages WHERE channel = ? AND ts = ?").get(channel, ts);
    return row === undefined ? null : read(row);
  }

  /** The last `limit` messages that stand in the channel itself, oldest first: roots, and replies that were sent there too. */
  topLevel(channel: string, limit: number): MessageRecord[] {
    return this.#sql(
      `SELECT data FROM messages
       WHERE channel = ? AND (thread_ts IS NULL OR json_extract(data, '$.subtype') = 'thread_broadcast')
       ORDER BY ts DESC LIMIT ?`,
    )
      .all(channel, limit)
      .map(read)
      .toReversed();
  }

  /** Root first. */
  thread(channel: string, root: string, limit: number): MessageRecord[] {
    const first = this.get(channel, root);
    const replies = this.#sql("SELECT data FROM messages WHERE channel = ? AND thread_ts = ? ORDER BY ts LIMIT ?")
      .all(channel, root, limit)
      .map(read);
    return first === null ? replies : [first, ...replies];
  }

  replies(channel: string, root: string): { count: number; latest: string | null } {
    const row = this.#sql(
      "SELECT count(*) AS n, max(ts) AS latest FROM messages WHERE channel = ? AND thread_ts = ?",
    ).get(channel, root);
    return { count: Number(row?.n ?? 0), latest: typeof row?.latest === "string" ? row.latest : null };
  }

  /** Top-level messages of others after `since`, counted to a hundred at most. */
  unread(channel: string, user: string, since: string): number {
    const row = this.#sql(
      `SELECT count(*) AS n FROM (
         SELECT 1 FROM messages
         WHERE channel = ? AND thread_ts IS NULL AND ts > ? AND json_extract(data, '$.user') <> ? LIMIT ?)`,
    ).get(channel, since, user, bounds.unread);
    return Number(row?.n ?? 0);
  }

  liveStreams(): MessageRecord[] {
    return this.#sql("SELECT m.data FROM live_streams s JOIN messages m ON m.channel = s.channel AND m.ts = s.ts")
      .all()
      .map(read);
  }

  /** The newest `limit` messages of the whole workspace, oldest first. */
  recent(limit: number): MessageRecord[] {
    return this.#sql("SELECT data FROM messages ORDER BY ts DESC LIMIT ?").all(limit).map(read).toReversed();
  }

  lastStamp(): string | null {
    const row = this.#sql("SELECT max(ts) AS ts FROM messages").get();
    return typeof row?.ts === "string" ? row.ts : null;
  }
}
