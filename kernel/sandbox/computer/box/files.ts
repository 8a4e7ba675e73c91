import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import type { FileEntry } from "../box-port.ts";
import { sdkCode } from "../sdk-errors.ts";
import { quoted } from "../shell-text.ts";
import type { ComputerSandbox } from "./computer-sandbox.ts";

const session = "deckhand-files";
const missing = (thrown: unknown): boolean => sdkCode(thrown) === "FILE_NOT_FOUND";

/** Absolute, without a way around: a box's own kernel decides what may be reached, this only keeps names plain. */
export function boxPath(path: string): string {
  if (!path.startsWith("/") || path.includes("\0") || path.split("/").includes(".."))
    throw new KernelError("path.invalid", "A path in the computer starts with / and has no .. in it.");
  return path;
}

export async function readWhole(sandbox: ComputerSandbox, path: string): Promise<Uint8Array | null> {
  try {
    const { content, size } = await sandbox.readFile(boxPath(path), { encoding: "none", sessionId: session });
    if (size > limits.files.maxBytes) {
      await content.cancel();
      throw tooLarge(path);
    }
    return await whole(content, path);
  } catch (thrown) {
    if (missing(thrown)) return null;
    throw thrown;
  }
}

const tooLarge = (path: string): KernelError =>
  new KernelError("file.too_large", `${path} is larger than ${limits.files.maxBytes / 1024 / 1024} MB.`);

async function whole(stream: ReadableStream<Uint8Array>, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.byteLength;
    // A file may grow while it is read.
    if (length > limits.files.maxBytes) throw tooLarge(path);
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

export async function writeWhole(sandbox: ComputerSandbox, path: string, bytes: Uint8Array): Promise<void> {
  const folder = boxPath(path).slice(0, path.lastIndexOf("/"));
  if (folder !== "") await sandbox.mkdir(folder, { recursive: true, sessionId: session });
  const content = new ReadableStream<Uint8Array>({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
  await sandbox.writeFile(path, content, { sessionId: session });
}

/** A file or a folder with all that is in it; one that is not there is removed already. */
export async function removeAll(sandbox: ComputerSandbox, path: string): Promise<void> {
  try {
    await sandbox.deleteFile(boxPath(path), session);
  } catch (thrown) {
    if (missing(thrown)) return;
    if (sdkCode(thrown) !== "IS_DIRECTORY") throw thrown;
    await sandbox.execWithSessionToken(`rm -rf -- ${quoted(path)}`, session, { timeout: 30_000 });
  }
}

export async function listAll(sandbox: ComputerSandbox, folder: string): Promise<FileEntry[]> {
  try {
    const options = { recursive: true, includeHidden: true, sessionId: session };
    const { files } = await sandbox.listFiles(boxPath(folder), options);
    return files
      .filter((file) => file.type === "file")
      .map((file) => ({ path: file.absolutePath, sizeBytes: file.size, changedAt: Date.parse(file.modifiedAt) }));
  } catch (thrown) {
    if (missing(thrown)) return [];
    throw thrown;
  }
}
