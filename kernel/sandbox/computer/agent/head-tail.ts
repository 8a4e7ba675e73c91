const continuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** How many of the bytes are whole UTF-8 characters: what ends in the middle of one is cut back to before it. */
export function wholeLength(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start >= 0 && start > bytes.length - 4 && continuation(bytes[start])) start -= 1;
  const lead = bytes[start] ?? 0;
  const needs = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start >= 0 && bytes.length - start < needs ? start : bytes.length;
}

/** Where the first whole character begins. */
function firstWhole(bytes: Buffer): number {
  let start = 0;
  while (start < 3 && continuation(bytes[start])) start += 1;
  return start;
}

export const leftOut = (bytes: number) => `\n[… ${bytes} bytes left out …]\n`;

/** The first and the last bytes of something that may be endless; what is between them is only counted. */
export class HeadTail {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  #head = Buffer.alloc(0);
  #headUsed = 0;
  #ring: Buffer | null = null;
  /** Bytes that went to the ring, in all. */
  #ringed = 0;

  constructor(headBytes: number, tailBytes: number) {
    this.#headBytes = headBytes;
    this.#tailBytes = tailBytes;
  }

  get total(): number {
    return this.#headUsed + this.#ringed;
  }
  get omitted(): number {
    return Math.max(0, this.#ringed - this.#tailBytes);
  }

  /** Gives the part of the chunk that still belongs to the head. */
  push(chunk: Buffer): Buffer {
    const room = Math.min(chunk.length, this.#headBytes - this.#headUsed);
    const taken = chunk.subarray(0, room);
    if (room > 0) this.#fill(taken);
    if (room < chunk.length) this.#spin(chunk.subarray(room));
    return taken;
  }

  /** What is not in the head: nothing, the rest, or the count of what is left out and the end. */
  rest(): string {
    const tail = this.tail();
    if (this.omitted === 0) return tail.toString();
    const start = firstWhole(tail);
    return leftOut(this.omitted + start) + tail.subarray(start).toString();
  }

  text(): string {
    const head = this.#head.subarray(0, this.#headUsed);
    if (this.omitted === 0) return Buffer.concat([head, this.tail()]).toString();
    return head.subarray(0, wholeLength(head)).toString() + this.rest();
  }

  #fill(bytes: Buffer): void {
    const needed = this.#headUsed + bytes.length;
    if (needed > this.#head.length) {
      const larger = Buffer.alloc(Math.min(this.#headBytes, Math.max(needed, this.#head.length * 2, 4096)));
      this.#head.copy(larger, 0, 0, this.#headUsed);
      this.#head = larger;
    }
    bytes.copy(this.#head, this.#headUsed);
    this.#headUsed = needed;
  }

  #spin(bytes: Buffer): void {
    const ring = (this.#ring ??= Buffer.alloc(this.#tailBytes));
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#tailBytes));
    const at = (this.#ringed + bytes.length - kept.length) % this.#tailBytes;
    const first = Math.min(kept.length, this.#tailBytes - at);
    kept.copy(ring, at, 0, first);
    kept.copy(ring, 0, first);
    this.#ringed += bytes.length;
  }

  /** The last bytes that are not in the head. */
  tail(): Buffer {
    if (this.#ring === null) return Buffer.alloc(0);
    if (this.#ringed <= this.#tailBytes) return this.#ring.subarray(0, this.#ringed);
    const at = this.#ringed % this.#tailBytes;
    return Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }
}
