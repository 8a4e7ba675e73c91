import { describe, expect, it } from "vitest";
import { encodeFrame, FrameError, FrameReader, opcodes } from "./frames.ts";

/** A frame as a client sends it. */
function masked(opcode: number, text: string, final = true): Buffer {
  const plain = encodeFrame(opcode, Buffer.from(text));
  const head = plain.length - Buffer.byteLength(text);
  const mask = Buffer.from([1, 2, 3, 4]);
  const body = Uint8Array.from(plain.subarray(head), (byte: number, at: number) => byte ^ (mask[at % 4] ?? 0));
  const start = Buffer.from(plain.subarray(0, head));
  start[0] = (final ? 0x80 : 0) | opcode;
  start[1] = (start[1] ?? 0) | 0x80;
  return Buffer.concat([start, mask, body]);
}

describe("WebSocket frames", () => {
  it.each([0, 5, 125, 126, 65_535, 65_536, 100_000])("of %i bytes are read back, whole or byte by byte", (size) => {
    const text = "x".repeat(size);
    const frame = masked(opcodes.text, text);
    expect(new FrameReader(200_000).push(frame)).toMatchObject([
      { final: true, opcode: 1, payload: Buffer.from(text) },
    ]);
    const reader = new FrameReader(200_000);
    const step = Math.max(1, Math.floor(frame.length / 7));
    const found = [];
    for (let at = 0; at < frame.length; at += step) found.push(...reader.push(frame.subarray(at, at + step)));
    expect(found.map((one) => one.payload.toString())).toEqual([text]);
  });

  it("come several at once, in pieces", () => {
    const bytes = Buffer.concat([masked(1, "a", false), masked(9, "ping"), masked(0, "b")]);
    expect(new FrameReader(100).push(bytes).map((one) => [one.opcode, one.final, one.payload.toString()])).toEqual([
      [1, false, "a"],
      [9, true, "ping"],
      [0, true, "b"],
    ]);
  });

  it("that are too large, not masked, or of an extension are refused with the right code", () => {
    const code = (bytes: Buffer): unknown => {
      try {
        return new FrameReader(10).push(bytes);
      } catch (thrown) {
        return thrown instanceof FrameError ? thrown.code : thrown;
      }
    };
    expect(code(masked(1, "x".repeat(11)))).toBe(1009);
    expect(code(encodeFrame(1, Buffer.from("x")))).toBe(1002);
    expect(code(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0]))).toBe(1002);
  });
});
