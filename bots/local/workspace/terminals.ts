import { request as ask, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { z } from "zod";
import { BoxName } from "../../../kernel/sandbox/computer/types.ts";
import { isLocalHost } from "./guard.ts";
import { bounds } from "./limits.ts";
import { people, teamOf } from "./seed.ts";
import { signedHeaders } from "./signature.ts";
import { WebSocketConnection } from "./web-socket.ts";

const side = z.coerce.number().int().min(2).max(bounds.terminal.maxSide);
const Asked = z.object({ as: z.string(), box: BoxName, cols: side, rows: side });

interface Options {
  signingSecret: string;
  /** The Worker's route for terminals; null while there is none. */
  workerUrl: () => string | null;
  /** The clock that signatures are stamped with. */
  now: () => number;
}

/**
 * Shells in a person's computer, from the page to the Worker: one WebSocket each, handed through as it is (the SDK's
 * terminal protocol). The browser lets every site open a WebSocket to every address, so the origin must be the page's own;
 * and what goes to the Worker is signed, so that nobody but this workspace can ask there.
 */
export class Terminals {
  readonly #options: Options;
  readonly #open = new Set<Duplex>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether the request is for a terminal; it is answered then, one way or the other. */
  upgrade(request: IncomingMessage, client: Duplex, head: Buffer): boolean {
    const url = new URL(request.url ?? "/", "http://local.invalid");
    if (url.pathname !== "/terminal") return false;
    client.on("error", () => client.destroy());
    const { host, origin } = request.headers;
    if (!isLocalHost(host) || origin !== `http://${host}`) {
      client.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return true;
    }
    const asked = Asked.safeParse(Object.fromEntries(url.searchParams));
    const workerUrl = this.#options.workerUrl();
    const person = people.find((one) => one.id === asked.data?.as && !one.bot);
    if (!asked.success || person === undefined) this.#refuse(request, client, head, "There is no such terminal.");
    else if (workerUrl === null) this.#refuse(request, client, head, "There is no computer here: see What is on.");
    else if (this.#open.size >= bounds.terminal.open) {
      this.#refuse(request, client, head, `At most ${bounds.terminal.open} terminals can be open at once.`);
    } else {
      const { box, cols, rows } = asked.data;
      const to = new URL(`${workerUrl}/${box}`);
      const who = { team: teamOf(person.id).id, user: person.id };
      to.search = new URLSearchParams({ ...who, cols: String(cols), rows: String(rows) }).toString();
      this.#forward(to, request, client, head);
    }
    return true;
  }

  close(): void {
    for (const client of this.#open) client.destroy();
  }

  #forward(to: URL, request: IncomingMessage, client: Duplex, head: Buffer): void {
    this.#open.add(client);
    const outgoing = ask(to.href, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-key": request.headers["sec-websocket-key"] ?? "",
        "sec-websocket-version": "13",
        ...signedHeaders(this.#options.signingSecret, `GET ${to.pathname}${to.search}`, this.#options.now()),
      },
    });
    const waking = setTimeout(() => outgoing.destroy(new Error("too late")), bounds.terminal.wakeMs);
    client.once("close", () => {
      this.#open.delete(client);
      outgoing.destroy();
    });
    const refuse = (why: string): void => {
      clearTimeout(waking);
      if (!client.destroyed) this.#refuse(request, client, head, why);
    };
    outgoing.once("error", () => refuse("The computer could not be reached. Please try again."));
    outgoing.once("response", (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text = (text + part.toString()).slice(0, bounds.terminal.whyChars)));
      response.once("close", () => refuse(text.trim() || "The computer could not be opened."));
    });
    outgoing.once("upgrade", (response, worker, early) => {
      clearTimeout(waking);
      outgoing.removeAllListeners("error").on("error", () => client.destroy());
      const accept = /^[\w+/=]{28}$/.exec(response.headers["sec-websocket-accept"] ?? "")?.[0] ?? "";
      client.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      client.write(early);
      worker.write(head);
      worker.on("error", () => client.destroy());
      worker.once("close", () => client.destroy());
      client.once("close", () => worker.destroy());
      client.pipe(worker).pipe(client);
    });
    outgoing.end();
  }

  /** A page cannot read why an upgrade was refused: it is let in, told, and sent away. */
  #refuse(request: IncomingMessage, client: Duplex, head: Buffer, message: string): void {
    const connection = new WebSocketConnection(request, client, head, { message: () => {}, closed: () => {} });
    connection.send(JSON.stringify({ type: "error", message }));
    connection.close(1011);
  }
}
