import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { closePayload, encodeFrame, FrameError, FrameReader, opcodes, type Frame } from "./frames.ts";
import { bounds } from "./limits.ts";

export interface SocketHandlers {
  message: (text: string) => void;
  /** Once, however it ended. */
  closed: () => void;
}

/** The server's side of one WebSocket, from a request that asks for the upgrade. */
export class WebSocketConnection {
  readonly #socket: Duplex;
  readonly #handlers: SocketHandlers;
  readonly #reader = new FrameReader(bounds.socket.messageBytes);
  readonly #beat: NodeJS.Timeout;
  #parts: Buffer[] = [];
  #open = true;

  constructor(request: IncomingMessage, socket: Duplex, head: Buffer, handlers: SocketHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("error", () => this.#end());
    socket.on("close", () => this.#end());
    // A process that was killed sends no close frame; Node leaves our half of such a connection open.
    socket.on("end", () => this.destroy());
    this.#beat = setInterval(() => this.#write(opcodes.ping, Buffer.from("alive")), bounds.socket.pingMs);
    this.#beat.unref();
    if (head.length > 0) this.#read(head);
  }

  /** False when the other side does not keep up, or has gone. */
  send(text: string): boolean {
    if (!this.#open || this.#socket.writableLength > bounds.socket.backlogBytes) return false;
    this.#write(opcodes.text, Buffer.from(text));
    return true;
  }

  close(code = 1000): void {
    if (!this.#open) return;
    this.#write(opcodes.close, closePayload(code));
    this.#end();
    this.#socket.end();
    // A peer that never closes its side must not keep this process.
    const force = setTimeout(() => this.#socket.destroy(), bounds.socket.closeMs);
    force.unref();
  }

  destroy(): void {
    this.#end();
    this.#socket.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    if (this.#open) this.#socket.write(encodeFrame(opcode, payload));
  }

  #read(bytes: Buffer): void {
    if (!this.#open) return;
    try {
      for (const frame of this.#reader.push(bytes)) this.#take(frame);
    } catch (thrown) {
      this.close(thrown instanceof FrameError ? thrown.code : 1011);
    }
  }

  #take({ opcode, final, payload }: Frame): void {
    if (opcode === opcodes.close) return this.close();
    if (opcode === opcodes.ping) return this.#write(opcodes.pong, payload);
    if (opcode === opcodes.pong) return;
    this.#parts.push(payload);
    const size = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (size > bounds.socket.messageBytes) throw new FrameError(1009, "That message is too large.");
    if (!final) return;
    const text = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#handlers.message(text);
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#beat);
    this.#handlers.closed();
  }
}
