import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import migrations from "./migrations/migrations.js";
import whole from "./migrations/whole.sql";

type History = Parameters<typeof migrate>[1];

const newest = migrations.journal.entries.at(-1);

/** All steps as one: a new thread gets its tables as they are, for a fifth of the rows that the steps would write. */
const asOne: History = {
  journal: { entries: newest ? [{ ...newest, idx: 0 }] : [] },
  migrations: { m0000: whole },
};

/** The tables of a thread, brought up to date. */
export async function openTables(storage: DurableObjectStorage): Promise<DrizzleSqliteDODatabase> {
  const db = drizzle(storage);
  const at = stepOf(storage);
  if (at !== newest?.when) await migrate(db, at === null ? asOne : migrations);
  return db;
}

/** When the step was made that the tables stand at; null for an object that has none yet. */
function stepOf({ sql }: DurableObjectStorage): number | null {
  try {
    return Number(sql.exec("SELECT max(created_at) AS at FROM __drizzle_migrations").one()["at"]);
  } catch {
    return null;
  }
}
