import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const folder = new URL("../../kernel/thread/migrations/", import.meta.url).pathname;
const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) });
const Made = z.array(z.object({ sql: z.string() }));

/** All that a thread's migrations make of an empty database, as one SQL file. */
export function wholeSchema(): string {
  const db = new DatabaseSync(":memory:");
  const { entries } = Journal.parse(JSON.parse(readFileSync(`${folder}meta/_journal.json`, "utf8")));
  for (const { tag } of entries) db.exec(readFileSync(`${folder}${tag}.sql`, "utf8"));
  const made = db.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").all();
  db.close();
  const head = "-- Made by `npm run migrations`: what all steps together make of an empty object.";
  return `${head}\n${Made.parse(made)
    .map(({ sql }) => sql)
    .join(";--> statement-breakpoint\n")};\n`;
}

export const wholeFile = `${folder}whole.sql`;

if (import.meta.main) writeFileSync(wholeFile, wholeSchema());
