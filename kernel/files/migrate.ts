import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate as run } from "drizzle-orm/durable-sqlite/migrator";
import own from "./migrations/migrations.js";

/** What drizzle-kit generates for one schema. */
export type Migrations = Parameters<typeof run>[1];

/** The migrations of the file tables. */
export const fileMigrations: Migrations = own;

/**
 * One history out of several, by the time each step was generated. Drizzle's migrator keeps a single table in an
 * object and skips whatever is older than the last step in it, so two histories run one after the other lose steps.
 */
export function mergeMigrations(parts: readonly Migrations[]): Migrations {
  const steps = parts
    .flatMap(({ journal, migrations }) =>
      journal.entries.map((entry) => ({ entry, sql: migrations[`m${String(entry.idx).padStart(4, "0")}`] ?? "" })),
    )
    .toSorted((a, b) => a.entry.when - b.entry.when);
  return {
    journal: { entries: steps.map(({ entry }, idx) => ({ ...entry, idx })) },
    migrations: Object.fromEntries(steps.map(({ sql }, idx) => [`m${String(idx).padStart(4, "0")}`, sql])),
  };
}

/** Brings an object's tables up to date. Called inside `blockConcurrencyWhile`, with the histories of all its parts. */
export const migrate = (
  storage: DurableObjectStorage,
  parts: readonly Migrations[] = [fileMigrations],
): Promise<void> => run(drizzle(storage), mergeMigrations(parts));
