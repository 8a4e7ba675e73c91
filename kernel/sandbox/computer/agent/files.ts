import { RpcTarget } from "capnweb";
import { copyFile, lstat, mkdir, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { FilesApi } from "./api-types.ts";
import { idText, pathText, text } from "./check.ts";
import { AgentError, errnoOf, fileError } from "./errors.ts";
import { stamp } from "./feed.ts";
import { byteStream, eventStream, writeFrom } from "./file-streams.ts";
import { agentLimits } from "./limits.ts";
import { listFolder } from "./list.ts";
import { isBinary, mimeType } from "./mime.ts";
import { openToRead, openToWrite, readWhole } from "./regular-file.ts";
import type { Sessions } from "./sessions.ts";

type Encoding = "utf-8" | "utf8" | "base64" | "none";
type ReadResult = Awaited<ReturnType<FilesApi["readFile"]>>;
/** Of `encoding: "none"`; the SDK has the type but does not export it. */
interface ReadStreamResult {
  success: true;
  path: string;
  content: ReadableStream<Uint8Array>;
  size: number;
  mimeType: string;
  timestamp: string;
}

/** `files` of the SDK. Paths may be relative to where their session is. */
export class Files extends RpcTarget implements FilesApi {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    super();
    this.#sessions = sessions;
  }

  readFile(path: string, sessionId: string, options: { encoding: "none" }): Promise<ReadStreamResult>;
  readFile(path: string, sessionId: string, options?: { encoding?: Exclude<Encoding, "none"> }): Promise<ReadResult>;
  readFile(path: string, sessionId: string, options?: { encoding?: Encoding }) {
    return this.#at(path, sessionId, "read", async (full): Promise<ReadResult | ReadStreamResult> => {
      const { file, sizeBytes } = await openToRead(full);
      const common = { success: true as const, path, timestamp: stamp() };
      if (options?.encoding === "none")
        return { ...common, content: byteStream(file, full), size: sizeBytes, mimeType: mimeType(full, true) };
      const bytes = await readWhole(file, full);
      const binary = isBinary(bytes);
      const encoding = (options?.encoding ?? (binary ? "base64" : "utf-8")) === "base64" ? "base64" : "utf-8";
      const content = bytes.toString(encoding === "base64" ? "base64" : "utf8");
      return { ...common, content, encoding, isBinary: binary, mimeType: mimeType(full, binary), size: bytes.length };
    }) as Promise<ReadStreamResult> & Promise<ReadResult>;
  }

  readFileStream(path: string, sessionId: string) {
    return this.#at(path, sessionId, "read", async (full) => {
      const { file, sizeBytes } = await openToRead(full);
      return eventStream(file, full, sizeBytes);
    });
  }

  writeFile(path: string, content: string, sessionId: string, options?: { encoding?: string }) {
    return this.#at(path, sessionId, "write", async (full) => {
      const base64 = options?.encoding === "base64";
      // Four characters of base64 are three bytes.
      text(content, "content", base64 ? (agentLimits.maxFileBytes / 3) * 4 + 4 : agentLimits.maxFileBytes);
      const file = await openToWrite(full);
      try {
        await file.writeFile(Buffer.from(content, base64 ? "base64" : "utf8"));
      } finally {
        await file.close();
      }
      return { success: true, path, timestamp: stamp() };
    });
  }

  writeFileStream(path: string, stream: ReadableStream<Uint8Array>, sessionId: string) {
    return this.#at(path, sessionId, "write", async (full) => {
      if (!(stream instanceof ReadableStream)) throw new AgentError("VALIDATION_FAILED", "A stream was expected.");
      const file = await openToWrite(full);
      try {
        return { success: true, path, bytesWritten: await writeFrom(file, stream, full), timestamp: stamp() };
      } finally {
        await file.close();
      }
    });
  }

  deleteFile(path: string, sessionId: string) {
    return this.#at(path, sessionId, "delete", async (full) => {
      if ((await lstat(full)).isDirectory()) throw new AgentError("IS_DIRECTORY", `Is a folder: ${path}`, { path });
      await unlink(full);
      return { success: true, path, timestamp: stamp() };
    });
  }

  renameFile(path: string, newPath: string, sessionId: string) {
    return this.#move(path, newPath, sessionId, "rename");
  }

  moveFile(path: string, newPath: string, sessionId: string) {
    return this.#move(path, newPath, sessionId, "move");
  }

  mkdir(path: string, sessionId: string, options?: { recursive?: boolean }) {
    const recursive = options?.recursive === true;
    return this.#at(path, sessionId, "mkdir", async (full) => {
      await mkdir(full, { recursive });
      return { success: true, path, recursive, timestamp: stamp() };
    });
  }

  listFiles(path: string, sessionId: string, options?: { recursive?: boolean; includeHidden?: boolean }) {
    return this.#at(path, sessionId, "list", async (full) => {
      const files = await listFolder(full, options?.recursive === true, options?.includeHidden === true);
      return { success: true, path, files, count: files.length, timestamp: stamp() };
    });
  }

  exists(path: string, sessionId: string) {
    return this.#at(path, sessionId, "stat", async (full) => {
      const exists = await stat(full).then(
        () => true,
        () => false,
      );
      return { success: true, path, exists, timestamp: stamp() };
    });
  }

  async #move(path: string, newPath: string, sessionId: string, operation: string) {
    const target = await this.#at(newPath, sessionId, operation, async (full) => full);
    return this.#at(path, sessionId, operation, async (full) => {
      await lstat(full);
      await mkdir(dirname(target), { recursive: true });
      try {
        await rename(full, target);
      } catch (thrown) {
        // Another disk, such as the memory under /tmp: only bytes can go there.
        if (errnoOf(thrown) !== "EXDEV") throw thrown;
        await copyFile(full, target);
        await unlink(full);
      }
      return { success: true, path, newPath, timestamp: stamp() };
    });
  }

  /** The path as its session means it; what goes wrong becomes the SDK's error. */
  async #at<T>(path: string, sessionId: string, operation: string, work: (full: string) => Promise<T>): Promise<T> {
    pathText(path);
    try {
      return await work(this.#sessions.resolve(idText(sessionId, "sessionId"), path));
    } catch (thrown) {
      throw fileError(thrown, path, operation);
    }
  }
}
