import { defineConfig } from "drizzle-kit";

/** `npm run migrations` writes a new SQL file here when the schema has changed. */
export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./kernel/sandbox/computer/sync/schema.ts",
  out: "./kernel/sandbox/computer/sync/migrations",
});
