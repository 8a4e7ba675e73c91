import { DatabaseSync, type StatementSync } from "node:sqlite";

const schema = `
CREATE TABLE IF NOT EXISTS messages (
  channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, data TEXT NOT NULL, PRIMARY KEY (channel, ts)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (channel, thread_ts, ts);
CREATE TABLE IF NOT EXISTS live_streams (channel TEXT NOT NULL, ts TEXT NOT NULL, PRIMARY KEY (channel, ts));
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, upload_key TEXT, data TEXT NOT NULL, bytes BLOB);
CREATE TABLE IF NOT EXISTS sessions (
  channel TEXT NOT NULL, thread_ts TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (channel, thread_ts)
);
CREATE TABLE IF NOT EXISTS reads (user TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL, PRIMARY KEY (user, channel));
CREATE TABLE IF NOT EXISTS views (id TEXT PRIMARY KEY, kind TEXT NOT NULL, user TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, attempt INTEGER NOT NULL, due_at INTEGER NOT NULL, reason TEXT
);
CREATE INDEX IF NOT EXISTS outbox_by_due ON outbox (due_at);
`;
const tables = ["messages", "live_streams", "files", "sessions", "reads", "views", "tokens", "outbox"];

/** @param file a path, or `:memory:` */
export function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  // What was acknowledged must survive SIGKILL of this process, not a power cut: no fsync at every commit.
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;");
  db.exec(schema);
  return db;
}

export function emptyDatabase(db: DatabaseSync): void {
  for (const table of tables) db.exec(`DELETE FROM ${table}`);
}

/** Prepares a statement once; all of them are known by their text. */
export type Prepare = (sql: string) => StatementSync;

export function prepareOnce(db: DatabaseSync): Prepare {
  const known = new Map<string, StatementSync>();
  return (sql) => {
    const statement = known.get(sql) ?? db.prepare(sql);
    known.set(sql, statement);
    return statement;
  };
}
