import { desc } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { UserId } from "../../ids.ts";
import { sight } from "../schema.ts";

const Sight = z.object({ turn: z.string(), user: UserId, path: z.string(), mediaType: z.string() });
export type SightRow = z.infer<typeof Sight>;

/** The pictures that the turns of a thread are about. */
export class SightStore {
  readonly #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  add(row: SightRow): void {
    this.#db.insert(sight).values(row).run();
  }

  /** The newest, oldest of them first. */
  newest(limit: number): SightRow[] {
    const rows = this.#db.select().from(sight).orderBy(desc(sight.id)).limit(limit).all();
    return rows.map((row) => Sight.parse(row)).toReversed();
  }
}
