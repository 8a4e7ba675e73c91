import { z } from "zod";
import type { Download, FileRef } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { SlackApi } from "./client.ts";
import { rateLimited, refused } from "./errors.ts";
import { ours } from "./limits.ts";
import { SlackFile } from "./payloads.ts";

/** What `parse` put into a FileRef, as we read it back. */
export const SlackFileSource = z.object({ id: z.string(), url: z.string().nullable(), access: z.string() });

const FilesInfo = z.object({ file: SlackFile });

export interface DownloadOptions {
  token: string;
  apiUrl: string;
  fetch: typeof fetch;
}

interface Located {
  url: URL;
  mediaType: string;
  sizeBytes: number;
}

const gone = (
  name: string,
  why: string,
  options: { retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {},
) => new KernelError("file.unreachable", `${name} could not be fetched from Slack: ${why}`, options);
const tooLarge = (name: string, maxBytes: number) =>
  new KernelError(
    "file.too_large",
    `${name} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB. Please send a smaller one.`,
  );

/** The bearer goes to Slack's own hosts and to the configured API, and to nobody else. */
export function trusted(url: URL, apiUrl: string): boolean {
  if (url.origin === new URL(apiUrl).origin) return true;
  return (
    url.protocol === "https:" &&
    url.port === "" &&
    (url.hostname === "slack.com" || url.hostname.endsWith(".slack.com"))
  );
}

/** Where the bytes are. A stub of a shared channel has no address: `files.info` gives it. */
async function locate(file: FileRef, api: SlackApi): Promise<Located> {
  const source = SlackFileSource.safeParse(file.source);
  if (!source.success) throw gone(file.name, "its reference is not one of Slack's.");
  let { url } = source.data;
  let { mediaType, sizeBytes } = file;
  if (url === null || source.data.access === "check_file_info") {
    const { file: info } = await api
      .call("files.info", { file: source.data.id }, FilesInfo)
      .catch((thrown: unknown) => {
        if (refused(thrown)) throw gone(file.name, `Slack answers ${thrown.slack}.`, { cause: thrown });
        throw thrown;
      });
    url = info.url_private_download ?? info.url_private ?? null;
    mediaType = info.mimetype ?? mediaType;
    sizeBytes = info.size ?? sizeBytes;
  }
  if (url === null || !URL.canParse(url)) throw gone(file.name, "Slack gives no address for it.");
  return { url: new URL(url), mediaType, sizeBytes };
}

/** Follows at most three redirects by hand; the bearer never leaves the origin it was meant for. */
async function open(file: FileRef, start: URL, options: DownloadOptions): Promise<Response> {
  const bearer = trusted(start, options.apiUrl);
  let url = start;
  for (let hop = 0; hop <= ours.redirects; hop++) {
    if (url.protocol !== "https:" && url.origin !== new URL(options.apiUrl).origin)
      throw gone(file.name, "its address is not https.");
    const headers: Record<string, string> =
      bearer && url.origin === start.origin ? { authorization: `Bearer ${options.token}` } : {};
    const send = options.fetch;
    const response = await send(url.href, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(ours.downloadTimeoutMs),
    }).catch((cause: unknown) => {
      throw gone(file.name, "no answer.", { retryable: true, cause });
    });
    if (response.status < 300 || response.status > 399) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (location === null || !URL.canParse(location, url.href)) throw gone(file.name, "a redirect that leads nowhere.");
    url = new URL(location, url.href);
  }
  throw gone(file.name, "too many redirects.");
}

async function readBody(file: FileRef, response: Response, maxBytes: number): Promise<Uint8Array> {
  // Headers lie at times, so the bytes are counted as well.
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge(file.name, maxBytes);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.byteLength;
      if (length > maxBytes) throw tooLarge(file.name, maxBytes);
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw gone(file.name, "the connection broke.", { retryable: true, cause });
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

const isHtml = (mediaType: string): boolean => /^(?:text\/html|application\/xhtml\+xml)\b/i.test(mediaType);

/** Slack answers a bearer without `files:read` with its login page and 200. */
function isLoginPage(bytes: Uint8Array, header: string, located: Located): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 512)).trimStart().toLowerCase();
  const looksLikeIt = start.startsWith("<!doctype html") || start.startsWith("<html");
  if (isHtml(located.mediaType)) return looksLikeIt && located.sizeBytes > 0 && located.sizeBytes !== bytes.byteLength;
  if (isHtml(header)) return true;
  return looksLikeIt && !located.mediaType.startsWith("text/");
}

/**
 * The bytes of a file in chat.
 * @throws KernelError `file.not_the_file`, `file.empty`, `file.too_large`, `file.unreachable`; each names the file
 */
export async function downloadFile(
  file: FileRef,
  maxBytes: number,
  api: SlackApi,
  options: DownloadOptions,
): Promise<Download> {
  if (file.sizeBytes > maxBytes) throw tooLarge(file.name, maxBytes);
  const located = await locate(file, api).catch((thrown: unknown) => {
    if (rateLimited(thrown))
      throw gone(file.name, "Slack asks to wait a moment.", {
        retryable: true,
        cause: thrown,
        ...(thrown.retryAfterMs === undefined ? {} : { retryAfterMs: thrown.retryAfterMs }),
      });
    throw KernelError.wrap(thrown, "file.unreachable", `${file.name} could not be fetched from Slack.`);
  });
  const response = await open(file, located.url, options);
  if (!response.ok) {
    await response.body?.cancel();
    throw gone(file.name, `Slack answers ${response.status}.`, {
      retryable: response.status === 429 || response.status >= 500,
    });
  }
  const bytes = await readBody(file, response, maxBytes);
  if (isLoginPage(bytes, response.headers.get("content-type") ?? "", located))
    throw new KernelError(
      "file.not_the_file",
      `Slack sent a login page in place of ${file.name}. The app needs the files:read scope: reinstall it with the generated manifest.`,
    );
  if (bytes.byteLength === 0)
    throw new KernelError("file.empty", `${file.name} is empty (0 bytes). Please upload it again.`);
  return { bytes, mediaType: located.mediaType };
}
