import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import { scripted } from "../repos/shell.ts";
import { isInterrupted } from "../sdk-errors.ts";
import type { ComputerSandbox } from "./computer-sandbox.ts";

/** What a person makes in a box is in these two; `/r2` is in their files, all else comes with the box. */
const folders = ["workspace", "home/box"];
const without = ["home/box/.deckhand-archive*", "home/box/.cache", "home/box/.npm/_cacache", "*/__pycache__"];
const session = "deckhand-archive";
const { maxSnapshotBytes } = limits.computer;

/** A name that no program in the box could have made something under. */
const freshName = (): string => `/home/box/.deckhand-archive-${crypto.randomUUID()}`;

/*
 * Programs of the box go on while it is packed, and can put anything anywhere in it. So the archive is a file of our
 * making (`set -C` opens it only where there is nothing, and follows no link), the programs are the machine's own, and
 * only what belongs to the two folders comes out of an archive, after all of it could be read.
 */
const packScript = `set -o pipefail -C; umask 077; file=$1 most=$2
find /home/box -maxdepth 1 -name '.deckhand-archive*' -mmin +10 -exec rm -rf -- {} + 2>/dev/null
tar -C / ${without.map((path) => `--exclude='${path}'`).join(" ")} --ignore-failed-read -czf - ${folders.join(" ")} 2>/dev/null | head -c "$most" > "$file"
[ -f "$file" ] && [ ! -L "$file" ] && stat -c %s -- "$file"`;

const unpackScript = `file=$1
gzip -t -- "$file" || exit 1
chmod -R u+rwX ${folders.map((folder) => `/${folder}`).join(" ")} 2>/dev/null
find ${folders.map((folder) => `/${folder}`).join(" ")} -mindepth 1 ! -path "$file" -delete 2>/dev/null
tar -C / -xzf "$file" --no-same-owner ${folders.join(" ")}`;

/**
 * Snapshots are an archive that the box packs and this object carries to R2. The SDK's own `createBackup` would hand a
 * signed address of the bucket into the box, and wants S3 keys that a laptop has not.
 */
export async function saveArchive(
  sandbox: ComputerSandbox,
  bucket: R2Bucket,
  key: string,
): Promise<{ sizeBytes: number }> {
  const file = freshName();
  return tidied(sandbox, file, async () => {
    // Whether tar met a file that changed under it is no reason to fail; that it is too large is.
    const packed = await sandbox.execWithSessionToken(
      scripted(packScript, [file, String(maxSnapshotBytes + 1)]),
      session,
      { timeout: limits.computer.maxCommandMs },
    );
    const sizeBytes = Number.parseInt(packed.stdout.trim(), 10);
    if (packed.exitCode !== 0 || !Number.isSafeInteger(sizeBytes))
      throw new KernelError("limit.disk", "The snapshot could not be packed; the computer's disk may be full.");
    if (sizeBytes > maxSnapshotBytes)
      throw new KernelError(
        "file.too_large",
        `What is in this computer packs to more than ${maxSnapshotBytes / 1024 / 1024} MB, the largest snapshot there is. Delete what can be made again, such as node_modules.`,
      );
    const read = await sandbox.readFile(file, { encoding: "none", sessionId: session });
    // R2 wants to know the length of a stream before it takes it.
    const fixed = new FixedLengthStream(sizeBytes);
    await Promise.all([read.content.pipeTo(fixed.writable), bucket.put(key, fixed.readable)]);
    return { sizeBytes };
  });
}

/** Puts both folders back as they were. What runs in the box is ended by the caller before. */
export async function loadArchive(sandbox: ComputerSandbox, bucket: R2Bucket, key: string): Promise<void> {
  const stored = await bucket.get(key);
  if (!stored) throw new KernelError("computer.not_found", "This snapshot is not there any more.");
  const file = freshName();
  await tidied(sandbox, file, async () => {
    await sandbox.writeFile(file, stored.body, { sessionId: session });
    const done = await sandbox.execWithSessionToken(scripted(unpackScript, [file]), session, {
      timeout: limits.computer.maxCommandMs,
    });
    if (done.exitCode !== 0)
      throw new KernelError("limit.disk", "The snapshot could not be unpacked; the computer's disk may be full.");
  });
}

/** Leaves no archive in the box, unless the box has gone: it is not woken for that. */
async function tidied<T>(sandbox: ComputerSandbox, file: string, work: () => Promise<T>): Promise<T> {
  let gone = false;
  try {
    return await work();
  } catch (thrown) {
    gone = isInterrupted(thrown);
    throw thrown;
  } finally {
    if (!gone) await sandbox.deleteFile(file, session).catch(() => undefined);
  }
}
