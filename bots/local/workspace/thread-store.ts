import type { Prepare } from "./database.ts";
import { SessionRecord, ViewRecord } from "./records.ts";

/** What stands beside the messages: agent sessions of threads, what people have read, Home and modals. */
export class ThreadStore {
  readonly #sql: Prepare;

  constructor(prepare: Prepare) {
    this.#sql = prepare;
  }

  session(channel: string, threadTs: string): SessionRecord | null {
    const row = this.#sql("SELECT data FROM sessions WHERE channel = ? AND thread_ts = ?").get(channel, threadTs);
    return row === undefined ? null : SessionRecord.parse(JSON.parse(String(row.data)));
  }

  putSession(session: SessionRecord): void {
    this.#sql("INSERT OR REPLACE INTO sessions (channel, thread_ts, data) VALUES (?, ?, ?)").run(
      session.channel,
      session.threadTs,
      JSON.stringify(session),
    );
  }

  /** The newest 500. */
  sessions(): SessionRecord[] {
    return this.#sql("SELECT data FROM sessions ORDER BY thread_ts DESC LIMIT 500")
      .all()
      .map((row) => SessionRecord.parse(JSON.parse(String(row.data))));
  }

  lastRead(user: string, channel: string): string {
    const row = this.#sql("SELECT ts FROM reads WHERE user = ? AND channel = ?").get(user, channel);
    return typeof row?.ts === "string" ? row.ts : "0";
  }

  markRead(user: string, channel: string, ts: string): void {
    this.#sql("INSERT OR REPLACE INTO reads (user, channel, ts) VALUES (?, ?, ?)").run(user, channel, ts);
  }

  putView(view: ViewRecord): void {
    this.#sql("INSERT OR REPLACE INTO views (id, kind, user, data) VALUES (?, ?, ?, ?)").run(
      view.id,
      view.kind,
      view.user,
      JSON.stringify(view),
    );
  }

  view(id: string): ViewRecord | null {
    const row = this.#sql("SELECT data FROM views WHERE id = ?").get(id);
    return row === undefined ? null : ViewRecord.parse(JSON.parse(String(row.data)));
  }

  removeView(id: string): void {
    this.#sql("DELETE FROM views WHERE id = ?").run(id);
  }

  /** A person's open modals, the first one first. */
  modals(user: string): ViewRecord[] {
    return this.#sql("SELECT data FROM views WHERE kind = 'modal' AND user = ? ORDER BY json_extract(data, '$.depth')")
      .all(user)
      .map((row) => ViewRecord.parse(JSON.parse(String(row.data))));
  }

  viewByExternalId(externalId: string): ViewRecord | null {
    const row = this.#sql("SELECT data FROM views WHERE json_extract(data, '$.view.external_id') = ?").get(externalId);
    return row === undefined ? null : ViewRecord.parse(JSON.parse(String(row.data)));
  }

  home(user: string): ViewRecord | null {
    const row = this.#sql("SELECT data FROM views WHERE kind = 'home' AND user = ?").get(user);
    return row === undefined ? null : ViewRecord.parse(JSON.parse(String(row.data)));
  }
}
