import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { ApprovalCard, type SandboxTime } from "../events/types.ts";
import { limits } from "../limits.ts";
import { Overview, Settings, type ThreadNote } from "./overview.ts";
import { sandboxUsage, setting, usage, userApproval, userSite, userThread } from "./schema.ts";
import type { ToolReply } from "./types.ts";

const Card = z.object({
  thread: z.string(),
  card: z.string().transform((text) => ApprovalCard.parse(JSON.parse(text))),
});
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What is kept of a person's threads, cards, sites, usage and settings, to be shown in one place. */
export class Desk {
  #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  note(note: ThreadNote): void {
    const { thread, title, turn, state, at } = note;
    const row = { title, turn, state, at };
    this.#db
      .insert(userThread)
      .values({ thread, ...row })
      .onConflictDoUpdate({ target: userThread.thread, set: row })
      .run();
    this.#db.delete(userApproval).where(eq(userApproval.thread, thread)).run();
    for (const card of note.pending) {
      this.#db
        .insert(userApproval)
        .values({ approval: card.approval, thread, card: JSON.stringify(card) })
        .run();
    }
    if (!note.ended || !this.#countsNow(note)) return;
    const used = { turns: 1, inputTokens: note.inputTokens ?? 0, outputTokens: note.outputTokens ?? 0 };
    this.#db
      .insert(usage)
      .values({ day: dayOf(at), model: note.model, ...used })
      .onConflictDoUpdate({
        target: [usage.day, usage.model],
        set: {
          turns: sql`${usage.turns} + 1`,
          inputTokens: sql`${usage.inputTokens} + ${used.inputTokens}`,
          outputTokens: sql`${usage.outputTokens} + ${used.outputTokens}`,
        },
      })
      .run();
  }

  /** Whether the use of a turn that has ended is to be counted: once, also when a crash has the Thread tell it again. */
  #countsNow({ thread, seq }: ThreadNote): boolean {
    const where = and(eq(userThread.thread, thread), lt(userThread.counted, seq));
    const set = { counted: seq };
    return (
      this.#db.update(userThread).set(set).where(where).returning({ thread: userThread.thread }).all().length === 1
    );
  }

  /** Keeps what a tool's result says of this person's things, and how long it was in a sandbox. */
  keep({ events, sandbox }: Pick<ToolReply, "events" | "sandbox">, at: number): void {
    if (sandbox) this.#count(sandbox, at);
    for (const event of events) {
      if (event.type !== "site.published") continue;
      const { slug, title, url, version } = event;
      const row = { title, url, version, at };
      this.#db
        .insert(userSite)
        .values({ slug, ...row })
        .onConflictDoUpdate({ target: userSite.slug, set: row })
        .run();
    }
  }

  #count({ tier, ms }: SandboxTime, at: number): void {
    const row = { day: dayOf(at), tier, ms: Math.round(ms) };
    const target = [sandboxUsage.day, sandboxUsage.tier];
    const set = { ms: sql`${sandboxUsage.ms} + ${row.ms}` };
    this.#db.insert(sandboxUsage).values(row).onConflictDoUpdate({ target, set }).run();
  }

  get settings(): Settings {
    const rows = this.#db.select().from(setting).all();
    const values = Object.fromEntries(rows.map((row): [string, unknown] => [row.name, JSON.parse(row.value)]));
    return Settings.parse({ model: null, hosts: [], ...values });
  }

  set(settings: Settings): void {
    for (const [name, value] of Object.entries(settings)) {
      const row = { value: JSON.stringify(value) };
      this.#db
        .insert(setting)
        .values({ name, ...row })
        .onConflictDoUpdate({ target: setting.name, set: row })
        .run();
    }
  }

  /** All of it but the files, which the file index has. */
  overview(now: number): Omit<Overview, "files"> {
    const { maxThreads, maxApprovals, maxSites } = limits.home;
    const day = dayOf(now);
    const used = this.#db.select().from(usage).where(eq(usage.day, day)).all();
    const sandbox = this.#db.select().from(sandboxUsage).where(eq(sandboxUsage.day, day)).all();
    const spent = (tier: SandboxTime["tier"]) => sandbox.find((row) => row.tier === tier)?.ms ?? 0;
    const sum = (of: "turns" | "inputTokens" | "outputTokens") => used.reduce((total, row) => total + row[of], 0);
    return Overview.omit({ files: true }).parse({
      threads: this.#db.select().from(userThread).orderBy(desc(userThread.at)).limit(maxThreads).all(),
      approvals: this.#db
        .select()
        .from(userApproval)
        .limit(maxApprovals)
        .all()
        .map((row) => Card.parse(row)),
      sites: this.#db.select().from(userSite).orderBy(desc(userSite.at)).limit(maxSites).all(),
      usage: {
        day,
        turns: sum("turns"),
        inputTokens: sum("inputTokens"),
        outputTokens: sum("outputTokens"),
        isolateMs: spent("isolate"),
        computerMs: spent("computer"),
      },
      settings: this.settings,
    });
  }
}
