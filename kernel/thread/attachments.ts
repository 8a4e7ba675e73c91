import type { ChatMessage, ChatPort, FileRef } from "../chat/types.ts";
import { KernelError, unwrap } from "../errors.ts";
import type { ThreadEvent } from "../events/types.ts";
import { limits } from "../limits.ts";
import type { KernelPort } from "../user/types.ts";
import type { Turn } from "./turn/types.ts";

const size = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1_048_576
      ? `${Math.round(bytes / 1024)} KB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;

export interface Fetched {
  /** A line for the model for each file, in the message's order. */
  lines: string[];
  /** What the person is told of files that could not be taken. */
  notices: ThreadEvent[];
}

/**
 * Fetches the files of a message from chat and saves them with the person who sent them. A file that cannot be taken is
 * one plain sentence in the thread and one line for the model; the turn goes on.
 */
export async function fetchFiles(
  message: ChatMessage,
  turn: Turn,
  port: ChatPort,
  kernel: KernelPort,
): Promise<Fetched> {
  const fetched: Fetched = { lines: [], notices: [] };
  for (const file of message.files.slice(0, limits.turn.maxFiles)) {
    try {
      fetched.lines.push(await fetchFile(file, message, turn, port, kernel));
    } catch (thrown) {
      const error = KernelError.wrap(
        thrown,
        "file.unreachable",
        `${file.name} could not be fetched. Please upload it again.`,
      );
      fetched.notices.push({ type: "notice", level: "warning", code: error.code, text: error.userMessage });
      fetched.lines.push(
        `[file ${file.name} could not be taken: ${error.code}: ${error.userMessage} The person has been told.]`,
      );
    }
  }
  if (message.files.length > limits.turn.maxFiles) {
    const text = `Only the first ${limits.turn.maxFiles} of ${message.files.length} files were taken. Please send the others in a further message.`;
    fetched.notices.push({ type: "notice", level: "warning", code: "file.too_large", text });
    fetched.lines.push(`[${text}]`);
  }
  return fetched;
}

async function fetchFile(
  file: FileRef,
  message: ChatMessage,
  turn: Turn,
  port: ChatPort,
  kernel: KernelPort,
): Promise<string> {
  const { bytes, mediaType } = await port.download(file, limits.files.maxBytes);
  const upload = { thread: message.thread, turn: turn.id, name: file.name, mediaType, bytes };
  const saved = unwrap(await kernel.saveUpload(upload));
  return `[file: ${saved.path} (${mediaType}, ${size(saved.sizeBytes)})]`;
}
