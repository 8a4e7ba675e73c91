import { chmodSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { SettingsError } from "./settings.ts";

/** What stands in the state folder, by name. */
export const stateFiles = (folder: string) => ({
  lock: join(folder, "lock"),
  running: join(folder, "running.json"),
  workspace: join(folder, "workspace.sqlite"),
  worker: join(folder, "worker"),
  computers: join(folder, "computers"),
  logs: join(folder, "logs"),
  temporary: join(folder, "tmp"),
  /** A link to the runtime: by its name a process shows whose it is. */
  workerd: join(folder, "workerd"),
});

/** Names of which one at least is in every state folder that was in use. */
const signs = new Set(["running.json", "lock", "keys.json", "workspace.sqlite", "worker", "running"]);

/**
 * Whether a folder may be closed to others. One that others can read and that holds somebody's things (`/tmp`, a home)
 * was named by mistake.
 */
export function mayClose(found: { mode: number; names: readonly string[] }): boolean {
  const open = (found.mode & 0o077) !== 0;
  return !open || found.names.length === 0 || found.names.some((name) => signs.has(name));
}

/**
 * Makes the state folder, for this user alone, and sees to it that nothing that this process or its children write from
 * now on can be read by others. Gives its true path. @throws SettingsError
 */
export function openStateFolder(wanted: string): string {
  process.umask(0o077);
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    const folder = realpathSync(wanted);
    if (!mayClose({ mode: statSync(folder).mode, names: readdirSync(folder) })) {
      throw new SettingsError(
        `${folder} holds other things and others can read it: set DECKHAND_STATE to a folder of its own.`,
      );
    }
    chmodSync(folder, 0o700);
    return folder;
  } catch (thrown) {
    if (thrown instanceof SettingsError) throw thrown;
    const why = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "no reason given";
    throw new SettingsError(
      `The state folder ${wanted} cannot be used (${why}): set DECKHAND_STATE to a folder of your own.`,
    );
  }
}
