import { z } from "zod";
import type { PresentIo } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { UserId } from "../../kernel/ids.ts";
import type { SlackApi } from "./client.ts";
import { trusted } from "./files.ts";
import type { SlackPlace } from "./ids.ts";
import { ours, slackLimits } from "./limits.ts";
import type { FileEntry } from "./view.ts";

/*
 * Slack's way for files: an address to send the bytes to, then a call that shares them.
 * https://docs.slack.dev/messaging/working-with-files#upload
 */
const Address = z.object({ upload_url: z.string(), file_id: z.string() });
const Done = z.object({ ok: z.literal(true) });

export interface UploadParts {
  api: SlackApi;
  apiUrl: string;
  fetch: typeof fetch;
}

async function bytesOf(content: FileEntry["content"], io: PresentIo): Promise<Uint8Array> {
  if (content.from === "text") return new TextEncoder().encode(content.text);
  const owner = UserId.safeParse(content.principal);
  if (!owner.success) throw new KernelError("file.not_found", `${content.path} belongs to nobody.`);
  return (await io.file(content.path, owner.data, content.sha256)).bytes;
}

/**
 * Brings the bytes to Slack; nobody sees them before they are shared. Gives Slack's id of the file.
 * @throws KernelError `file.*` of the file itself, `platform.refused` when Slack does not take it, `platform.unreachable`
 */
export async function uploadBytes(
  { api, apiUrl, fetch: send }: UploadParts,
  file: Pick<FileEntry, "name" | "alt" | "content">,
  io: PresentIo,
): Promise<string> {
  const bytes = await bytesOf(file.content, io);
  if (bytes.byteLength === 0) throw new KernelError("file.empty", `${file.name} is empty (0 bytes).`);
  const { upload_url: address, file_id: id } = await api.call(
    "files.getUploadURLExternal",
    { filename: file.name, length: bytes.byteLength, alt_txt: file.alt.slice(0, slackLimits.altTextChars) },
    Address,
  );
  if (!URL.canParse(address) || !trusted(new URL(address), apiUrl))
    throw new KernelError("platform.refused", "Slack names an address for the upload that is not its own.");
  const answer = await send(address, {
    method: "POST",
    body: bytes as Uint8Array<ArrayBuffer>,
    headers: { "content-type": "application/octet-stream" },
    redirect: "manual",
    signal: AbortSignal.timeout(ours.downloadTimeoutMs),
  }).catch((cause: unknown) => {
    throw new KernelError("platform.unreachable", "Slack cannot be reached at the moment.", { retryable: true, cause });
  });
  await answer.body?.cancel();
  if (answer.ok) return id;
  const retryable = answer.status === 429 || answer.status >= 500;
  const code = retryable ? "platform.unreachable" : "platform.refused";
  throw new KernelError(code, `Slack did not take ${file.name} (${answer.status}).`, { retryable });
}

/** Puts an uploaded file into the thread, as a message of its own. */
export async function shareFile(
  api: SlackApi,
  place: SlackPlace,
  file: { id: string; name: string; comment: string },
): Promise<void> {
  await api.call(
    "files.completeUploadExternal",
    {
      files: [{ id: file.id, title: file.name }],
      channel_id: place.channel,
      thread_ts: place.threadTs,
      ...(file.comment === "" ? {} : { initial_comment: file.comment }),
    },
    Done,
  );
}
