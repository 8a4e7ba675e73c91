import { RpcTarget } from "capnweb";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BackupApi } from "./api-types.ts";
import { pathText, text } from "./check.ts";
import type { Internal } from "./commands.ts";
import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";
import { pack, unpack } from "./archive.ts";
import type { Sessions } from "./sessions.ts";
import { unsupported } from "./unsupported.ts";

const maxExcludes = 200;

/** Names that git ignores below a folder, relative to it; none when it is in no repository. */
async function ignored(dir: string): Promise<string[]> {
  const args = ["-C", dir, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"];
  const { stdout } = await promisify(execFile)("git", args, { maxBuffer: 1024 * 1024, timeout: 30_000 }).catch(() => ({
    stdout: "",
  }));
  // As tar's patterns, where these signs would mean something.
  const plain = (name: string) => name.replace(/\/$/, "").replaceAll(/[\\*?[\]]/g, "\\$&");
  return stdout
    .split("\0")
    .filter((name) => name !== "")
    .map((name) => `./${plain(name)}`);
}

/** `backup` of the SDK, with archives in our own format: a jail has neither squashfs nor mounts. */
export class Backup extends RpcTarget implements BackupApi {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    super();
    this.#sessions = sessions;
  }

  async createArchive(
    dir: string,
    archivePath: string,
    sessionId: string,
    options: { excludes?: string[]; gitignore?: boolean } = {},
  ) {
    const from = this.#sessions.resolve(sessionId, pathText(dir, "dir"));
    const archive = this.#sessions.resolve(sessionId, pathText(archivePath, "archivePath"));
    const asked = options?.excludes ?? [];
    if (!Array.isArray(asked) || asked.length > maxExcludes)
      throw new AgentError("VALIDATION_FAILED", `excludes is a list of at most ${maxExcludes} patterns.`);
    const excludes = asked.map((one) => text(one, "excludes", 1024));
    const more = options?.gitignore === true ? await ignored(from) : [];
    const sizeBytes = await pack(from, archive, [...excludes, ...more.slice(0, agentLimits.maxVariables)]);
    return { success: true, sizeBytes, archivePath };
  }

  async restoreArchive(dir: string, archivePath: string, sessionId: string) {
    const into = this.#sessions.resolve(sessionId, pathText(dir, "dir"));
    await unpack(into, this.#sessions.resolve(sessionId, pathText(archivePath, "archivePath")));
    return { success: true, dir };
  }

  async uploadParts(): Promise<never> {
    throw unsupported("upload to signed addresses");
  }
}

/** One word as the SDK quotes it. */
const word = `'((?:[^']|'\\\\'')*)'`;
const unsquash = new RegExp(`^/usr/bin/unsquashfs -f -d ${word} ${word}$`);

/**
 * The SDK restores a backup from a local bucket by running `unsquashfs` (its `doRestoreBackupLocal`). Here it is the
 * archive that `createArchive` made, so the command is answered and not run.
 */
export const restoreByCommand: Internal = async (command) => {
  const found = unsquash.exec(command);
  if (found === null) return null;
  const [dir = "", archive = ""] = found.slice(1).map((one) => one.replaceAll("'\\''", "'"));
  try {
    await unpack(pathText(dir), pathText(archive));
    return { exitCode: 0, stderr: "" };
  } catch (thrown) {
    return { exitCode: 1, stderr: thrown instanceof Error ? thrown.message : "failed" };
  }
};
