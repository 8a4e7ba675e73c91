import { isFields, parseJson, type Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import { SlackError } from "./slack-error.ts";

const formTypes = ["application/x-www-form-urlencoded", "multipart/form-data"];

/** The body's bytes, or null when it is larger than `limit`; what is too large is not read to its end. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return null;
  if (request.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > limit) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts, size));
}

/** A request with the same head whose body was read into memory, for the platform's own form parser. */
const again = (request: Request, bytes: Uint8Array<ArrayBuffer>): Request =>
  new Request("http://body.invalid", {
    method: "POST",
    headers: { "content-type": request.headers.get("content-type") ?? "" },
    body: bytes,
  });

/** A form of any kind, or null when it is too large or none. */
export async function readForm(request: Request, limit: number): Promise<FormData | null> {
  const bytes = await readBody(request, limit);
  if (bytes === null) return null;
  try {
    return await again(request, bytes).formData();
  } catch {
    return null;
  }
}

/** The raw arguments of a Web API call, from the query and a form or JSON body. */
export async function readArguments(request: Request, takesJson: boolean): Promise<Fields> {
  const args: Fields = Object.fromEntries(new URL(request.url).searchParams);
  if (request.method === "GET") return args;
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const bytes = await readBody(request, bounds.bodyBytes);
  if (bytes === null) throw new SlackError("request_too_large");
  if (bytes.byteLength === 0) return args;
  if (type === "application/json") {
    const body = parseJson(new TextDecoder().decode(bytes));
    if (body === undefined) throw new SlackError("invalid_json");
    if (!isFields(body)) throw new SlackError("json_not_object");
    // Slack ignores JSON where a method does not know it; only the header's token is seen.
    return takesJson ? { ...args, ...body } : args;
  }
  if (!formTypes.includes(type)) throw new SlackError("invalid_post_type");
  if (type === "multipart/form-data") {
    try {
      const form = await again(request, bytes).formData();
      for (const [key, value] of form) if (typeof value === "string") args[key] = value;
    } catch {
      throw new SlackError("invalid_form_data");
    }
    return args;
  }
  return { ...args, ...Object.fromEntries(new URLSearchParams(new TextDecoder().decode(bytes))) };
}
