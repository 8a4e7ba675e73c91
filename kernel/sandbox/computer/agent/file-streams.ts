import type { FileHandle } from "node:fs/promises";
import { AgentError, fileError } from "./errors.ts";
import { wholeLength } from "./head-tail.ts";
import { agentLimits } from "./limits.ts";
import { isBinary, mimeType } from "./mime.ts";
import { readChunk } from "./regular-file.ts";

const encoder = new TextEncoder();

/** The bytes of an open file, read as they are taken; it is closed at the end, and when the reader goes. */
export function byteStream(file: FileHandle, path: string): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await readChunk(file);
          if (chunk.length > 0) return controller.enqueue(chunk);
          controller.close();
        } catch (thrown) {
          controller.error(fileError(thrown, path, "read"));
        }
        await file.close().catch(() => undefined);
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 1 },
  );
}

/** The same as the SDK's events: what it is, chunks (text, or base64 each by itself), its size at the end. */
export function eventStream(file: FileHandle, path: string, sizeBytes: number): ReadableStream<Uint8Array> {
  const frames = frameFile(file, path, sizeBytes);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await frames.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(`data: ${JSON.stringify(next.value)}\n\n`));
      },
      async cancel() {
        await frames.return();
      },
    },
    { highWaterMark: 1 },
  );
}

async function* frameFile(file: FileHandle, path: string, sizeBytes: number): AsyncGenerator<object, void> {
  try {
    let chunk = await readChunk(file);
    const binary = isBinary(chunk);
    const encoding = binary ? "base64" : "utf-8";
    yield { type: "metadata", mimeType: mimeType(path, binary), size: sizeBytes, isBinary: binary, encoding };
    let bytesRead = 0;
    let odd: Buffer = Buffer.alloc(0);
    while (chunk.length > 0) {
      bytesRead += chunk.length;
      if (binary) yield { type: "chunk", data: chunk.toString("base64") };
      else {
        const all = Buffer.concat([odd, chunk]);
        const whole = wholeLength(all);
        odd = all.subarray(whole);
        if (whole > 0) yield { type: "chunk", data: all.toString("utf8", 0, whole) };
      }
      chunk = await readChunk(file);
    }
    if (odd.length > 0) yield { type: "chunk", data: odd.toString("utf8") };
    yield { type: "complete", bytesRead };
  } catch (thrown) {
    yield { type: "error", error: fileError(thrown, path, "read").message };
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** Writes a stream into an open file. A stream that stands still is given up. @throws what the stream or the disk throws */
export async function writeFrom(file: FileHandle, stream: ReadableStream<Uint8Array>, path: string): Promise<number> {
  const reader = stream.getReader();
  let written = 0;
  try {
    while (true) {
      const { done, value } = await next(reader, path);
      if (done) return written;
      if (!(value instanceof Uint8Array)) throw new AgentError("VALIDATION_FAILED", "A stream of bytes was expected.");
      await file.writeFile(value);
      written += value.byteLength;
    }
  } catch (thrown) {
    await reader.cancel(thrown).catch(() => undefined);
    throw thrown;
  } finally {
    reader.releaseLock();
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>, path: string) {
  const idle = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => idle.reject(new AgentError("FILESYSTEM_ERROR", `The bytes for ${path} stopped coming.`, { path })),
    agentLimits.streamIdleMs,
  );
  try {
    return await Promise.race([reader.read(), idle.promise]);
  } finally {
    clearTimeout(timer);
  }
}
