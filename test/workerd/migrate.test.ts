import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { type Migrations, fileMigrations, mergeMigrations, migrate } from "../../kernel/files/migrate.ts";
import { bindings } from "./desk.ts";

const later = fileMigrations.journal.entries[0]?.when ?? 0;
const history = (...steps: [when: number, table: string][]): Migrations => ({
  journal: { entries: steps.map(([when, tag], idx) => ({ idx, when, tag, breakpoints: true })) },
  migrations: Object.fromEntries(steps.map(([, table], idx) => [`m000${idx}`, `CREATE TABLE ${table} (id integer)`])),
});

it("several histories in one object become one, by time, and nothing is skipped on a later start", async () => {
  const stub = bindings.DESK.getByName("migrations");
  await runInDurableObject(stub, async (_desk, state) => {
    const tables = () =>
      state.storage.sql
        .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'step%' ORDER BY name")
        .toArray()
        .map((row) => row["name"]);
    const first = [fileMigrations, history([later + 1, "step1"])];
    await migrate(state.storage, first);
    await migrate(state.storage, first);
    expect(tables()).toEqual(["step1"]);
    // The next release: one step more in each history, the second history's the older of the two.
    const files = mergeMigrations([fileMigrations, history([later + 3, "step3"])]);
    await migrate(state.storage, [files, history([later + 1, "step1"], [later + 2, "step2"])]);
    expect(tables()).toEqual(["step1", "step2", "step3"]);
  });
});
