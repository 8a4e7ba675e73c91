import { DatabaseSync } from "node:sqlite";

/**
 * Takes the state folder for this process, or gives null when another has it. The lock is the operating system's, by way
 * of SQLite, since Node has none of its own: it goes with the process, however that ends, and knows no process id that
 * another could have got meanwhile. Gives what releases it.
 */
export function takeLock(file: string): (() => void) | null {
  const db = new DatabaseSync(file);
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch (thrown) {
    db.close();
    if (thrown instanceof Error && "errcode" in thrown && thrown.errcode === 5) return null;
    throw thrown;
  }
  return () => db.close();
}
