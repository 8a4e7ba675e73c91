import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Feed } from "./feed.ts";
import { isLocalHost } from "./guard.ts";
import { bounds } from "./limits.ts";
import { people } from "./seed.ts";
import { WebSocketConnection } from "./web-socket.ts";

const refuse = (client: Duplex, status: string): void =>
  void client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);

/**
 * What happens, to the pages that are open: a WebSocket for each at `/local/live?as=U…`, every message one `PageEvent`.
 * A page that falls behind is cut off and has to come again. The browser lets every site open a WebSocket to every
 * address, so the origin must be the page's own.
 */
export class LivePages {
  readonly #feed: Feed;
  readonly #open = new Set<WebSocketConnection>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** Whether the request is a page's; it is answered then, one way or the other. */
  upgrade(request: IncomingMessage, client: Duplex, head: Buffer): boolean {
    const url = new URL(request.url ?? "/", "http://local.invalid");
    if (url.pathname !== "/local/live") return false;
    client.on("error", () => client.destroy());
    const { host, origin } = request.headers;
    const as = people.find((one) => one.id === url.searchParams.get("as") && !one.bot);
    if (!isLocalHost(host) || origin !== `http://${host}`) refuse(client, "403 Forbidden");
    else if (as === undefined) refuse(client, "400 Bad Request");
    else if (this.#open.size >= bounds.subscribers) refuse(client, "503 Service Unavailable");
    else this.#follow(request, client, head, as.id);
    return true;
  }

  close(): void {
    for (const page of this.#open) page.destroy();
  }

  #follow(request: IncomingMessage, client: Duplex, head: Buffer, as: string): void {
    let end: (() => void) | null = null;
    const page = new WebSocketConnection(request, client, head, {
      message: () => {},
      closed: () => {
        end?.();
        this.#open.delete(page);
      },
    });
    this.#open.add(page);
    end = this.#feed.subscribe({
      as,
      send: (event) => {
        if (!page.send(JSON.stringify(event))) page.destroy();
      },
    });
    if (end === null) page.close(1013);
  }
}
