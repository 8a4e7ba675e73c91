import { count, eq, lte } from "drizzle-orm";
import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { z } from "zod";
import { InstallationId } from "../ids.ts";
import { limits } from "../limits.ts";
import migrations from "./migrations/migrations.js";
import { installation, organisation, spent } from "./schema.ts";
import { About } from "./types.ts";

const Row = z.object({
  about: z.string().transform((text) => About.parse(JSON.parse(text))),
  access: z.string(),
  refresh: z.string().nullable(),
  expiresAt: z.number().nullable(),
  installedAt: z.number(),
  renewedAt: z.number(),
});
export type Installed = z.infer<typeof Row>;
/** Sealed tokens. */
export type Sealed = Pick<Installed, "access" | "refresh" | "expiresAt">;

/** The installation's tables. All calls are synchronous SQLite; nothing here awaits. */
export class InstallationStore {
  readonly #db: DrizzleSqliteDODatabase;

  constructor(storage: DurableObjectStorage) {
    this.#db = drizzle(storage);
  }

  open(): Promise<void> {
    return migrate(this.#db, migrations);
  }

  read(): Installed | null {
    const row = this.#db.select().from(installation).where(eq(installation.id, 1)).get();
    return row ? Row.parse(row) : null;
  }

  install(sealed: Sealed, about: About, now: number): void {
    const row = { ...sealed, about: JSON.stringify(about), installedAt: now, renewedAt: now };
    this.#db
      .insert(installation)
      .values({ id: 1, ...row })
      .onConflictDoUpdate({ target: installation.id, set: row })
      .run();
  }

  /** Other tokens for the same installation. False when it has changed since it was read. */
  replace(before: Installed, sealed: Sealed, now: number): boolean {
    const current = this.read();
    if (current?.access !== before.access || current.refresh !== before.refresh) return false;
    this.#db
      .update(installation)
      .set({ ...sealed, renewedAt: now })
      .where(eq(installation.id, 1))
      .run();
    return true;
  }

  remove(): void {
    this.#db.delete(installation).run();
  }

  get organisation(): InstallationId | null {
    const row = this.#db.select().from(organisation).where(eq(organisation.id, 1)).get();
    return row ? InstallationId.parse(row.installation) : null;
  }

  belongsTo(id: InstallationId): void {
    const row = { installation: id };
    this.#db
      .insert(organisation)
      .values({ id: 1, ...row })
      .onConflictDoUpdate({ target: organisation.id, set: row })
      .run();
  }

  belongsToNone(): void {
    this.#db.delete(organisation).run();
  }

  /** False when the ticket was used before, or when too many are remembered. */
  spend(ticket: string, until: number, now: number): boolean {
    this.#db.delete(spent).where(lte(spent.until, now)).run();
    const [kept] = this.#db.select({ n: count() }).from(spent).all();
    if ((kept?.n ?? 0) >= limits.installation.maxTickets) return false;
    const row = { ticket, until };
    return this.#db.insert(spent).values(row).onConflictDoNothing().returning().all().length > 0;
  }
}
