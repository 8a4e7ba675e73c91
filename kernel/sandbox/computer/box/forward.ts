/*
 * A request of a preview to a server in the box. Not by the SDK's `containerFetch`: that starts a box which has ended,
 * waits for the server's port for a minute and a half, and answers in words of its own that no page can be told from.
 */

/** Codes that stand for "none was sent" and must not be sent. */
const noCode = new Set([1005, 1006, 1015]);

/**
 * HTTP and WebSocket, streamed both ways; `done` is called once when nothing of it is open any more.
 * @throws Error when nothing takes connections there
 */
export async function forwardTo(port: Fetcher, request: Request, done: () => void): Promise<Response> {
  try {
    // What speaks TLS is the Worker; in the box it is plain.
    const response = await port.fetch(new Request(request.url.replace(/^https:/, "http:"), request));
    if (response.webSocket) return relay(response, response.webSocket, done);
    if (response.body === null) {
      done();
      return response;
    }
    const { readable, writable } = new IdentityTransformStream();
    void response.body
      .pipeTo(writable)
      .catch(() => undefined)
      .finally(done);
    return new Response(readable, response);
  } catch (thrown) {
    done();
    throw thrown;
  }
}

/** Both sides hear what the other says, until one of them ends. */
function relay(response: Response, box: WebSocket, done: () => void): Response {
  const { 0: page, 1: here } = new WebSocketPair();
  const pairs = [
    [box, here],
    [here, box],
  ] as const;
  for (const [from, to] of pairs) {
    // At once, and so in their order: a Blob would have to be waited for.
    from.binaryType = "arraybuffer";
    from.accept();
    const close = (code: number, reason?: string) => {
      done();
      try {
        to.close(code, reason);
      } catch {
        // It has ended by itself.
      }
    };
    from.addEventListener("message", ({ data }) => {
      try {
        to.send(data as string | ArrayBuffer);
      } catch {
        from.close(1011);
        done();
      }
    });
    from.addEventListener("close", ({ code, reason }) => close(noCode.has(code) ? 1000 : code, reason));
    from.addEventListener("error", () => close(1011));
  }
  return new Response(null, { status: response.status, webSocket: page, headers: response.headers });
}
