import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform, type TransformCallback, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { AgentError } from "./errors.ts";
import { HeadTail } from "./head-tail.ts";
import { agentLimits } from "./limits.ts";

/** Lets so many bytes through and no more. */
class Cap extends Transform {
  #bytes = 0;
  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= agentLimits.maxArchiveBytes) return done(null, chunk);
    const cap = `${agentLimits.maxArchiveBytes / 1024 / 1024} MB`;
    done(new AgentError("BACKUP_CREATE_FAILED", `The archive is larger than ${cap}.`));
  }
}

interface Tar {
  args: string[];
  cwd: string;
  signal: AbortSignal;
}

/** tar with its in- and output, and how it ended: what it complained of, or null. */
function tar({ args, cwd, signal }: Tar) {
  const child = spawn("tar", args, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LANG: "C.UTF-8" },
    signal,
  });
  // It ended before it was given all: how it ended says why.
  child.stdin.on("error", () => undefined);
  const complaints = new HeadTail(2048, 2048);
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  const ended = new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    // 1: a file changed while it was read, which a box that is at work does.
    child.once("close", (code) =>
      resolve(code === 0 || code === 1 ? null : complaints.text() || `tar ended with ${code}`),
    );
  });
  return { stdin: child.stdin, stdout: child.stdout, ended };
}

const roomIn = (stream: Writable) => new Promise<void>((resolve) => stream.once("drain", resolve));

/**
 * Packs a folder: tar, by zstd. The names in it are relative to the folder.
 * @throws AgentError BACKUP_CREATE_FAILED when it is too large, or tar or the disk fails; nothing is left then
 */
export async function pack(dir: string, archive: string, excludes: readonly string[]): Promise<number> {
  const signal = AbortSignal.timeout(agentLimits.archiveMs);
  try {
    if (!(await stat(dir)).isDirectory()) throw new AgentError("BACKUP_CREATE_FAILED", `Not a folder: ${dir}`, { dir });
    await mkdir(dirname(archive), { recursive: true });
    const args = [
      "--create",
      "--file=-",
      "--ignore-failed-read",
      ...excludes.map((one) => `--exclude=${one}`),
      "--",
      ".",
    ];
    const packer = tar({ args, cwd: dir, signal });
    packer.stdin.end();
    const zstd = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
    await pipeline(packer.stdout, zstd, new Cap(), createWriteStream(archive), { signal });
    const complaint = await packer.ended;
    if (complaint !== null) throw new AgentError("BACKUP_CREATE_FAILED", complaint, { dir });
    return (await stat(archive)).size;
  } catch (thrown) {
    await rm(archive, { force: true });
    if (thrown instanceof AgentError) throw thrown;
    throw new AgentError("BACKUP_CREATE_FAILED", thrown instanceof Error ? thrown.message : "failed", { dir });
  }
}

/**
 * Makes a folder what it was when it was packed: what came since goes, but only when the archive was read to its end.
 * @throws AgentError BACKUP_RESTORE_FAILED; the folder is then as it was
 */
export async function unpack(dir: string, archive: string): Promise<void> {
  const signal = AbortSignal.timeout(agentLimits.archiveMs);
  await mkdir(dir, { recursive: true });
  // In the folder itself: it may be a disk of its own, and a rename across disks is a copy.
  const fresh = await mkdtemp(join(dir, ".deckhand-restore-"));
  try {
    const unpacker = tar({
      args: ["--extract", "--file=-", "--no-same-owner", "--preserve-permissions"],
      cwd: fresh,
      signal,
    });
    const rest = text(unpacker.stdout);
    // tar may have enough before the last padding: what it does not take is read to the end all the same, for faults in it.
    await pipeline(
      createReadStream(archive),
      createZstdDecompress(),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks)
          if (!unpacker.stdin.write(chunk)) await Promise.race([roomIn(unpacker.stdin), unpacker.ended]);
      },
      { signal },
    ).finally(() => void unpacker.stdin.end());
    const complaint = await unpacker.ended;
    await rest;
    if (complaint !== null) throw new Error(complaint);
    for (const name of await readdir(dir))
      if (join(dir, name) !== fresh) await rm(join(dir, name), { recursive: true, force: true });
    for (const name of await readdir(fresh)) await rename(join(fresh, name), join(dir, name));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : "failed";
    throw new AgentError("BACKUP_RESTORE_FAILED", `Could not restore ${dir}: ${why}`, { dir });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
