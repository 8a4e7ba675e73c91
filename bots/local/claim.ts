import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SettingsError } from "./settings.ts";

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Claims the state folder for this process; two at once would corrupt it. A claim whose process is gone (SIGKILL) is
 * taken over. Gives what releases it.
 */
export function claim(file: string): () => void {
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, "utf8"));
    if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && alive(pid)) {
      throw new SettingsError(
        `Deckhand is already running here (process ${pid}). Stop it first, or set DECKHAND_STATE to another folder.`,
      );
    }
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
