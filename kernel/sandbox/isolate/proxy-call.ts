import { z } from "zod";
import { KernelError } from "../../errors.ts";
import { boundJson } from "../../json-size.ts";
import { limits } from "../../limits.ts";
import type { Work } from "../../work.ts";

const Request = z.strictObject({
  url: z.string().max(8000),
  method: z.string().regex(/^[A-Z]{1,20}$/),
  headers: z.array(z.tuple([z.string().max(200), z.string().max(8000)])).max(50),
});
export type ProxyRequest = z.infer<typeof Request> & { body: Uint8Array | null };

/** An answer of a connected account, as it goes back to the program. */
export interface ProxyAnswer {
  status: number;
  statusText: string;
  headers: [string, string][];
  body: Uint8Array | null;
}

const headBounds = { maxChars: 500_000, maxValues: 500, maxDepth: 4, what: "The head of a request", where: "" };
const usage = "Use PROXY.fetch(url, {method?, headers?, body?}?) with an https address.";

/**
 * What arrived at the PROXY stub, as a request.
 * @throws KernelError `input.invalid`
 */
export async function parseProxyCall(request: unknown, body: unknown, work: Work): Promise<ProxyRequest> {
  if (typeof request !== "string") throw new KernelError("input.invalid", usage);
  await boundJson(request, headBounds, work);
  let parsed: z.infer<typeof Request>;
  try {
    parsed = Request.parse(JSON.parse(request));
  } catch {
    throw new KernelError("input.invalid", usage);
  }
  const url = URL.canParse(parsed.url) ? new URL(parsed.url) : null;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "")
    throw new KernelError("input.invalid", usage);
  if (body !== null && body !== undefined && !(body instanceof Uint8Array))
    throw new KernelError("input.invalid", "The body of a request is text or bytes.");
  if (body && body.byteLength > limits.isolate.maxRequestBytes)
    throw new KernelError(
      "input.invalid",
      `The body has ${body.byteLength} bytes; at most ${limits.isolate.maxRequestBytes} are taken (limits.isolate.maxRequestBytes).`,
    );
  return { ...parsed, url: url.href, body: body ?? null };
}

/** No account can be connected yet, so nothing goes out. */
export function answerProxyCall(_request: ProxyRequest): Promise<ProxyAnswer> {
  return Promise.reject(
    new KernelError("account.none", "No account is connected, so PROXY.fetch has nobody to ask. Nothing was sent."),
  );
}
