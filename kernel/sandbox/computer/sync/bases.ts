import { and, eq } from "drizzle-orm";
import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { syncBase, syncBox } from "./schema.ts";

export const Base = z.object({
  etag: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  changedAt: z.number().nullable(),
  seenAt: z.number(),
});
export type Base = z.infer<typeof Base>;

const Mark = z.object({ mark: z.string(), since: z.number() });
export type Mark = z.infer<typeof Mark>;

/** What is remembered of one box from one look to the next, whoever was evicted in between. */
export interface Bases {
  mark(): Mark | null;
  /** Another disk: all that was known of the one before is forgotten. */
  begin(mark: Mark): void;
  forget(): void;
  all(): Map<string, Base>;
  put(rel: string, base: Base): void;
  drop(rel: string): void;
}

export class StoredBases implements Bases {
  #db: DrizzleSqliteDODatabase;
  #box: string;

  constructor(storage: DurableObjectStorage, box: string) {
    this.#db = drizzle(storage);
    this.#box = box;
  }

  mark(): Mark | null {
    const row = this.#db.select().from(syncBox).where(eq(syncBox.box, this.#box)).get();
    return row ? Mark.parse(row) : null;
  }

  begin(mark: Mark): void {
    this.#db.transaction(() => {
      this.forget();
      this.#db
        .insert(syncBox)
        .values({ box: this.#box, ...mark })
        .run();
    });
  }

  forget(): void {
    this.#db.delete(syncBase).where(eq(syncBase.box, this.#box)).run();
    this.#db.delete(syncBox).where(eq(syncBox.box, this.#box)).run();
  }

  all(): Map<string, Base> {
    const rows = this.#db.select().from(syncBase).where(eq(syncBase.box, this.#box)).all();
    return new Map(rows.map((row) => [row.rel, Base.parse(row)]));
  }

  put(rel: string, base: Base): void {
    this.#db
      .insert(syncBase)
      .values({ box: this.#box, rel, ...base })
      .onConflictDoUpdate({ target: [syncBase.box, syncBase.rel], set: base })
      .run();
  }

  drop(rel: string): void {
    this.#db
      .delete(syncBase)
      .where(and(eq(syncBase.box, this.#box), eq(syncBase.rel, rel)))
      .run();
  }
}
