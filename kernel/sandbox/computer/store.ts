import { asc, desc, eq, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { BoxLabel } from "./preview-label.ts";
import { computer, computerPort, computerSnapshot } from "./schema.ts";
import { BoxName } from "./types.ts";

const ComputerRow = z.object({
  name: BoxName,
  box: BoxLabel,
  createdAt: z.number(),
  usedAt: z.number(),
  busyMs: z.number(),
});
export type ComputerRow = z.infer<typeof ComputerRow>;
const PortRow = z.object({ name: BoxName, port: z.number(), secretHash: z.string(), expiresAt: z.number() });
export type PortRow = z.infer<typeof PortRow>;
const SnapshotRow = z.object({
  id: z.string(),
  name: BoxName,
  label: z.string(),
  at: z.number(),
  sizeBytes: z.number(),
});
export type SnapshotRow = z.infer<typeof SnapshotRow>;

/** What a Kernel keeps of its person's computers. */
export class ComputerStore {
  #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  all(): ComputerRow[] {
    const rows = this.#db.select().from(computer).orderBy(asc(computer.createdAt), asc(computer.name)).all();
    return rows.map((row) => ComputerRow.parse(row));
  }

  add(row: Omit<ComputerRow, "busyMs">): void {
    this.#db.insert(computer).values(row).onConflictDoNothing().run();
  }

  used(name: BoxName, at: number, busyMs: number): void {
    const change = { usedAt: at, busyMs: sql`${computer.busyMs} + ${Math.round(busyMs)}` };
    this.#db.update(computer).set(change).where(eq(computer.name, name)).run();
  }

  /** With its ports. Snapshots stay: another computer of that name can be made from them. */
  remove(name: BoxName): void {
    this.#db.delete(computer).where(eq(computer.name, name)).run();
    this.#db.delete(computerPort).where(eq(computerPort.name, name)).run();
  }

  ports(name: BoxName): PortRow[] {
    const rows = this.#db.select().from(computerPort).where(eq(computerPort.name, name));
    return rows
      .orderBy(asc(computerPort.port))
      .all()
      .map((row) => PortRow.parse(row));
  }

  openPort(row: PortRow): void {
    const { secretHash, expiresAt } = row;
    const key = [computerPort.name, computerPort.port];
    this.#db.insert(computerPort).values(row).onConflictDoUpdate({ target: key, set: { secretHash, expiresAt } }).run();
  }

  closePort(name: BoxName, port: number): void {
    this.#db
      .delete(computerPort)
      .where(sql`${computerPort.name} = ${name} and ${computerPort.port} = ${port}`)
      .run();
  }

  /** Newest first. */
  snapshots(): SnapshotRow[] {
    const rows = this.#db.select().from(computerSnapshot).orderBy(desc(computerSnapshot.at), desc(computerSnapshot.id));
    return rows.all().map((row) => SnapshotRow.parse(row));
  }

  addSnapshot(row: SnapshotRow): void {
    this.#db.insert(computerSnapshot).values(row).run();
  }

  removeSnapshot(id: string): void {
    this.#db.delete(computerSnapshot).where(eq(computerSnapshot.id, id)).run();
  }
}
