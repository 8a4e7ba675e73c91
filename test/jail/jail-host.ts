import { newWebSocketRpcSession } from "capnweb";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket as Socket } from "ws";
import type { BoxApi } from "../../kernel/sandbox/computer/agent/api-types.ts";
import { bundleAgent } from "../../kernel/sandbox/computer/agent/bundle.ts";
import type { EgressIo } from "../../kernel/sandbox/computer/host/egress/proxy.ts";
import { startHost } from "../../kernel/sandbox/computer/host/host.ts";
import { type HostProcess, startHostProcess } from "../../kernel/sandbox/computer/host/process.ts";
import { BoxState, tokenHeader } from "../../kernel/sandbox/computer/host/wire.ts";

export interface Said {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Both, for tests that only look for something. */
  text: string;
}

/** A box of a real host, and the way into it that the SDK takes: capnweb by WebSocket. */
export class TestBox {
  readonly id: string;
  readonly #host: JailHost;
  #socket: Socket | null = null;
  #box: BoxApi | null = null;

  constructor(host: JailHost, id: string) {
    this.#host = host;
    this.id = id;
  }

  async start(): Promise<this> {
    await this.#host.control("POST", `/boxes/${this.id}/start`, {});
    // A connection into the box as it was before may not have heard of its end yet.
    this.drop();
    return this;
  }

  get api(): BoxApi {
    if (this.#box && this.#socket && this.#socket.readyState <= Socket.OPEN) return this.#box;
    const url = `${this.#host.url.replace("http", "ws")}/boxes/${this.id}/ports/3000/rpc`;
    this.#socket = new Socket(url, { headers: { [tokenHeader]: this.#host.token } });
    this.#socket.on("error", () => undefined);
    // capnweb wants the browser's WebSocket; that of `ws` has the same events and methods.
    this.#box = newWebSocketRpcSession<object>(this.#socket as unknown as WebSocket) as unknown as BoxApi;
    return this.#box;
  }

  async sh(command: string, options: { timeoutMs?: number; session?: string } = {}): Promise<Said> {
    const { timeoutMs = 30_000, session = "test" } = options;
    const { exitCode, stdout, stderr } = await this.api.commands.execute(command, session, { timeoutMs });
    return { exitCode, stdout, stderr, text: stdout + stderr };
  }

  async python(source: string): Promise<Said> {
    return this.sh(`python3 - <<'END'\n${source}\nEND`);
  }

  async state(): Promise<BoxState> {
    return BoxState.parse(await this.#host.control("GET", `/boxes/${this.id}`));
  }

  /** Resolves when it has ended, with how. */
  async ended(): Promise<BoxState> {
    for (;;) {
      const { ended } = (await this.#host.control("GET", `/boxes/${this.id}/monitor`)) as { ended: unknown };
      if (ended !== null) return this.state();
    }
  }

  sleep = () => this.#host.control("POST", `/boxes/${this.id}/sleep`);
  destroy = () => this.#host.control("DELETE", `/boxes/${this.id}`);
  drop(): void {
    this.#socket?.terminate();
    this.#box = null;
  }
}

/** The host of jails as `npm start` runs it, in a process of its own, in a folder of its own. */
export class JailHost {
  readonly folder: string;
  readonly token: string;
  readonly #process: HostProcess;
  readonly #boxes: TestBox[] = [];

  private constructor(process: HostProcess, folder: string, token: string) {
    this.#process = process;
    this.folder = folder;
    this.token = token;
  }

  static async start(options: {
    disableUserns: boolean;
    env?: Record<string, string>;
    through?: string[];
    folder?: string;
  }): Promise<JailHost> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), "deckhand-jail-"));
    const token = randomBytes(24).toString("hex");
    const log = (text: string) => void process.stderr.write(`${text}\n`);
    return new JailHost(await startHostProcess({ ...options, folder, token, port: 0, log }), folder, token);
  }

  /** In this process, so that a test can be the network that its boxes reach. */
  static async here(options: { disableUserns: boolean; io: EgressIo }): Promise<JailHost> {
    const folder = mkdtempSync(join(tmpdir(), "deckhand-jail-"));
    const token = randomBytes(24).toString("hex");
    const agent = join(folder, "agent.mjs");
    await bundleAgent(agent);
    const host = await startHost({ ...options, folder, token, agent, port: 0 });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const close = () => host.close().then(resolve);
    return new JailHost({ pid: process.pid, url: host.url, ended, close }, folder, token);
  }

  get url(): string {
    return this.#process.url;
  }
  get pid(): number {
    return this.#process.pid;
  }
  get ended(): Promise<void> {
    return this.#process.ended;
  }

  async box(id: string): Promise<TestBox> {
    const box = new TestBox(this, id);
    this.#boxes.push(box);
    return box.start();
  }

  /** A request of the owner. @throws Error for anything but 200 */
  async control(method: string, path: string, body?: object): Promise<unknown> {
    const { status, text } = await this.raw(method, path, {
      headers: { [tokenHeader]: this.token },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text);
  }

  /** A request whose path goes out as it is: `fetch` would tidy it up. */
  raw(
    method: string,
    path: string,
    options: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
    const { hostname, port } = new URL(this.url);
    return new Promise((done, fail) => {
      const asked = request(
        { hostname, port, method, path, headers: options.headers ?? {}, agent: false },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.once("end", () => done({ status: response.statusCode ?? 0, text, headers: response.headers }));
          response.once("error", fail);
        },
      );
      asked.once("error", fail);
      asked.end(options.body);
    });
  }

  async close(): Promise<void> {
    for (const box of this.#boxes) box.drop();
    await this.#process.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What must be nowhere in a box. */
export const canary = `canary-${randomBytes(12).toString("hex")}`;

/** A home of the host's owner with secrets in it, and variables that hold them too. */
export function plantCanaries(): { home: string; env: Record<string, string>; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), "deckhand-owner-"));
  mkdirSync(join(home, ".ssh"));
  for (const file of [".env", ".ssh/id_ed25519", ".netrc", ".bash_history"])
    writeFileSync(join(home, file), `SECRET=${canary}\n`);
  const names = ["HOME_SECRET", "ANTHROPIC_API_KEY", "SLACK_BOT_TOKEN", "NODE_EXTRA", "LD_CANARY", "http_proxy_secret"];
  return {
    home,
    env: { HOME: home, ...Object.fromEntries(names.map((name) => [name, canary])) },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
