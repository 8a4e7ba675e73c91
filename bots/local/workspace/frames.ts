/*
 * WebSocket frames (RFC 6455), as much as Socket Mode needs: text, ping, pong, close, fragments, no extensions. Node has
 * a client of its own but no server.
 */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  final: boolean;
  opcode: number;
  payload: Buffer;
}

/** What the peer did that no WebSocket may do; `code` is for the close frame. */
export class FrameError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "FrameError";
    this.code = code;
  }
}

/** One frame from the server: never masked. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length;
  const head = size < 126 ? Buffer.alloc(2) : size < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  if (size < 126) head[1] = size;
  else if (size < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(size, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  return Buffer.concat([head, payload]);
}

export const closePayload = (code: number): Buffer => {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
};

/** Cuts what a client sends into frames; what is not whole yet is kept, up to `maxBytes`. */
export class FrameReader {
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws FrameError */
  push(bytes: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== null; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    const data = this.#rest;
    const [first, second] = data;
    if (first === undefined || second === undefined) return null;
    if ((first & 0x70) !== 0) throw new FrameError(1002, "Extensions are not spoken here.");
    if ((second & 0x80) === 0) throw new FrameError(1002, "A client masks its frames.");
    const short = second & 0x7f;
    const sizeBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (data.length < 2 + sizeBytes + 4) return null;
    const size = sizeBytes === 0 ? short : sizeBytes === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    if (size > this.#maxBytes) throw new FrameError(1009, "That frame is too large.");
    const from = 2 + sizeBytes + 4;
    if (data.length < from + size) return null;
    const mask = data.subarray(2 + sizeBytes, from);
    const payload = Buffer.from(data.subarray(from, from + size));
    for (let at = 0; at < size; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
    this.#rest = data.subarray(from + size);
    return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload };
  }
}
