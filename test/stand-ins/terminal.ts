import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { readTerminal, type TerminalOrder } from "../../bots/terminal.ts";

/** A Worker with a shell behind it that says every line again: the SDK's terminal protocol, and the Worker's own check. */
export class TerminalWorker {
  /** For `terminalUrl` of a workspace. */
  readonly url: string;
  readonly orders: TerminalOrder[] = [];
  readonly sizes: string[] = [];
  /** In place of a shell: why there is none. */
  refuse: string | null = null;
  readonly #close: () => Promise<void>;
  readonly #shells: Set<WebSocket>;

  private constructor(server: ReturnType<typeof createServer>, signingSecret: string) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/local/terminal`;
    const sockets = new WebSocketServer({ noServer: true });
    this.#shells = sockets.clients;
    server.on("upgrade", (request: IncomingMessage, socket, head) => {
      void read(request, signingSecret).then((order) => {
        if (order === null || this.refuse !== null) {
          const why = order === null ? "There is nothing here." : (this.refuse ?? "");
          socket.end(`HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: ${why.length}\r\n\r\n${why}`);
          return;
        }
        this.orders.push(order);
        sockets.handleUpgrade(request, socket, head, (shell) => this.#serve(shell, order));
      });
    });
    this.#close = async () => {
      for (const shell of sockets.clients) shell.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    };
  }

  static async start(signingSecret: string): Promise<TerminalWorker> {
    const server = createServer((_, response) => response.writeHead(404).end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new TerminalWorker(server, signingSecret);
  }

  /** The box falls asleep: every shell goes, without a word. */
  drop(): void {
    for (const shell of this.#shells) shell.terminate();
  }

  close = (): Promise<void> => this.#close();

  #serve(shell: WebSocket, order: TerminalOrder): void {
    const write = (text: string): void => shell.send(Buffer.from(text));
    let line = "";
    shell.send(JSON.stringify({ type: "ready" }));
    write(`${order.box}$ `);
    shell.on("message", (data: Buffer, binary: boolean) => {
      if (!binary) return void this.sizes.push(data.toString());
      for (const key of data.toString()) {
        if (key !== "\r") {
          line += key;
          write(key);
        } else if (line === "exit") {
          shell.send(JSON.stringify({ type: "exit", code: 0 }));
          shell.close(1000);
        } else {
          write(`\r\n\u001B[38;2;95;224;216myou said ${line}\u001B[0m\r\n${order.box}$ `);
          line = "";
        }
      }
    });
  }
}

function read(request: IncomingMessage, signingSecret: string): Promise<TerminalOrder | null> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(name, value);
  const asked = new Request(`http://127.0.0.1${request.url ?? ""}`, { headers });
  return readTerminal(asked, { local: true, signingSecret, now: Date.now() });
}
