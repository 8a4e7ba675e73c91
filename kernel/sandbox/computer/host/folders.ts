import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { limits } from "../../../limits.ts";
import { removeTree } from "./remove.ts";
import { BoxId } from "./wire.ts";

const Record = z.object({ slot: z.number().int().min(0), allowed: z.array(z.string()).default([]) });

/** The parts of a box that last, by their name in its folder and where it sees them. */
export const lasting = { workspace: "/workspace", home: "/home/box", r2: "/r2" } as const;

export interface Folder {
  id: string;
  /** Owned by the host; what the box may write lies below it. */
  path: string;
  /** Sockets between host and box; made anew at each start. */
  run: string;
  /** User of the host that the box runs as; null: as the host itself. */
  uid: number | null;
}

export class FoldersFull extends Error {}

/** Far above the users of a machine and of its containers; each state folder has a stretch of its own. */
const firstUid = 700_000_000;

/** The disk folders of boxes: one each, kept while asleep, with a user of its own where the host is root. */
export class Folders {
  readonly root: string;
  readonly #firstUid: number | null;

  constructor(root: string, isRoot: boolean) {
    this.root = root;
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const stretch = createHash("sha256").update(root).digest().readUInt16BE(0);
    this.#firstUid = isRoot ? firstUid + stretch * limits.jail.maxFolders : null;
  }

  ids(): string[] {
    return readdirSync(this.root).filter((name) => BoxId.safeParse(name).success && existsSync(this.#record(name)));
  }

  has(id: string): boolean {
    return existsSync(this.#record(id));
  }

  /** The folder of a box, made when there is none. @throws FoldersFull */
  open(id: string): Folder {
    const path = join(this.root, id);
    if (!this.has(id)) {
      const taken = new Set(this.ids().map((one) => this.#read(one).slot));
      if (taken.size >= limits.jail.maxFolders)
        throw new FoldersFull(
          `This machine keeps ${limits.jail.maxFolders} computers already. Destroy one that is not needed.`,
        );
      const slot = Array.from({ length: limits.jail.maxFolders }, (_, at) => at).find((at) => !taken.has(at)) ?? 0;
      // What a destroyed box or a crash left under this name.
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { mode: 0o700 });
      for (const name of Object.keys(lasting)) this.#own(join(path, name), this.#uid(slot));
      writeFileSync(this.#record(id), JSON.stringify({ slot, allowed: [] }), { mode: 0o600 });
    }
    return { id, path, run: join(path, "run"), uid: this.#uid(this.#read(id).slot) };
  }

  /** An empty folder for sockets: whatever the last run left there is gone. */
  freshRun(folder: Folder): void {
    rmSync(folder.run, { recursive: true, force: true });
    this.#own(folder.run, folder.uid);
  }

  allowed(id: string): string[] {
    return this.has(id) ? this.#read(id).allowed : [];
  }

  allow(id: string, allowed: string[]): void {
    this.open(id);
    writeFileSync(this.#record(id), JSON.stringify({ ...this.#read(id), allowed }), { mode: 0o600 });
  }

  async remove(id: string): Promise<void> {
    await removeTree(join(this.root, id), this.#firstUid !== null);
  }

  #own(path: string, uid: number | null): void {
    mkdirSync(path, { mode: 0o700 });
    if (uid !== null) chownSync(path, uid, uid);
  }

  #uid(slot: number): number | null {
    return this.#firstUid === null ? null : this.#firstUid + slot;
  }

  #record(id: string): string {
    return join(this.root, id, "box.json");
  }

  #read(id: string): z.infer<typeof Record> {
    return Record.parse(JSON.parse(readFileSync(this.#record(id), "utf8")));
  }
}
