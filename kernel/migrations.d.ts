/** What drizzle-kit generates beside the SQL files: read by drizzle's migrator for Durable Objects. */
declare module "*/migrations/migrations.js" {
  const migrations: {
    journal: { entries: { idx: number; when: number; tag: string; breakpoints: boolean }[] };
    migrations: Record<string, string>;
  };
  export default migrations;
}

/** What `npm run migrations` makes of all steps together. */
declare module "*/migrations/whole.sql" {
  const sql: string;
  export default sql;
}
