import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";

/**
 * Opens a file for reading. Never waits for a pipe nobody writes to, and refuses what has no end, such as /dev/zero.
 * @throws AgentError IS_DIRECTORY, FILESYSTEM_ERROR for what is no file; else the system's error
 */
export async function openToRead(path: string): Promise<{ file: FileHandle; sizeBytes: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (stats.isFile()) return { file, sizeBytes: stats.size };
  await file.close();
  if (stats.isDirectory()) throw new AgentError("IS_DIRECTORY", `Is a folder: ${path}`, { path });
  throw new AgentError("FILESYSTEM_ERROR", `Not a regular file: ${path}`, { path });
}

/** Opens a file for writing, emptied, with the folders above it. The same refusals. */
export async function openToWrite(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK, 0o644);
  if (!(await file.stat()).isFile()) {
    await file.close();
    throw new AgentError("FILESYSTEM_ERROR", `Not a regular file: ${path}`, { path });
  }
  await file.truncate(0);
  return file;
}

/** The next bytes, up to a chunk; empty at the end. */
export async function readChunk(file: FileHandle, bytes: number = agentLimits.chunkBytes): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(bytes);
  const { bytesRead } = await file.read(chunk, 0, bytes, null);
  return chunk.subarray(0, bytesRead);
}

/** All of it, and closes it. Files of /proc have no size, so what is read is counted. @throws AgentError FILE_TOO_LARGE */
export async function readWhole(file: FileHandle, path: string): Promise<Buffer> {
  await using _closing = file;
  const chunks: Buffer[] = [];
  let total = 0;
  while (true) {
    const chunk = await readChunk(file, 4 * agentLimits.chunkBytes);
    if (chunk.length === 0) return Buffer.concat(chunks);
    total += chunk.length;
    if (total > agentLimits.maxFileBytes) {
      const cap = `${agentLimits.maxFileBytes} bytes`;
      throw new AgentError("FILE_TOO_LARGE", `Larger than ${cap}: ${path}`, {
        path,
        maxSize: agentLimits.maxFileBytes,
      });
    }
    chunks.push(chunk);
  }
}
