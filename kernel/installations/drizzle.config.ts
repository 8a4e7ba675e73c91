import { defineConfig } from "drizzle-kit";

/** `npm run migrations` writes a new SQL file here when the schema has changed. */
export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./kernel/installations/schema.ts",
  out: "./kernel/installations/migrations",
});
