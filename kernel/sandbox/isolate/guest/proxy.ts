import { type Answer, type Ask, bytesOf, type Fail } from "./calls.ts";

/** The stub's one method: the request as JSON text, and its body. */
export type ProxyCall = (request: string, body: Uint8Array | null) => Promise<Answer>;

/** What comes back for a request that went out. */
interface ProxyAnswer {
  status: number;
  statusText: string;
  headers: [string, string][];
  body: Uint8Array | null;
}

/** `PROXY` as the program sees it: `fetch` as the web has it, through the accounts that a person has connected. */
export function proxyApi(
  call: ProxyCall,
  ask: Ask,
  fail: Fail,
  maxRequestBytes: number,
): { fetch(url: unknown, init?: unknown): Promise<Response> } {
  const requestOf = async (url: unknown, init: unknown) => {
    try {
      const request = new Request(url as string, init as RequestInit);
      const text = JSON.stringify({ url: request.url, method: request.method, headers: [...request.headers] });
      const body = request.body === null ? null : (bytesOf(await request.arrayBuffer()) as Uint8Array);
      return { text, body };
    } catch (thrown) {
      throw fail("input.invalid", `PROXY.fetch: ${thrown instanceof Error ? thrown.message : "not a request"}`);
    }
  };
  const fetchHere = async (url: unknown, init?: unknown): Promise<Response> => {
    const { text, body } = await requestOf(url, init);
    if (body && body.byteLength > maxRequestBytes)
      throw fail(
        "input.invalid",
        `The body has ${body.byteLength} bytes; at most ${maxRequestBytes} are taken (limits.isolate.maxRequestBytes).`,
      );
    const answer = (await ask("PROXY.fetch", () => call(text, body))) as ProxyAnswer;
    const { status, statusText, headers } = answer;
    return new Response(answer.body as BodyInit | null, { status, statusText, headers });
  };
  return Object.freeze({ fetch: fetchHere });
}
