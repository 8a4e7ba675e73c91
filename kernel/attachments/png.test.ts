import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { sniff } from "../files/media-type.ts";
import { shrink } from "./picture.ts";
import { encodePng } from "./png.ts";

it("a picture becomes a PNG whose pixels are the same", async () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7);
  const png = await encodePng({ width: 2, height: 2, channels: 3, data });
  expect(sniff(png)).toBe("image/png");
  const view = new DataView(png.buffer);
  expect([view.getUint32(16), view.getUint32(20), png[24], png[25]]).toEqual([2, 2, 8, 2]);
  const length = view.getUint32(33);
  const raw = inflateSync(png.subarray(41, 41 + length));
  expect([...raw]).toEqual([0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255, 9, 8, 7]);
  // The checksum of the empty end chunk is known.
  expect([...png.subarray(-4)]).toEqual([0xae, 0x42, 0x60, 0x82]);
});

it("a large picture is made smaller by means of pixels", () => {
  const data = Uint8Array.of(0, 100, 200, 100, 10, 20);
  expect(shrink({ width: 3, height: 2, channels: 1, data }, 2)).toEqual({
    width: 2,
    height: 1,
    channels: 1,
    data: Uint8Array.of(53, 110),
  });
  expect(shrink({ width: 3, height: 2, channels: 1, data }, 10).data).toEqual(data);
});

it("one bit a pixel becomes grey, rows padded to bytes", () => {
  const bits = Uint8Array.of(0b1010_0000, 0b1000_0000, 0b0000_0000, 0b0000_0000);
  expect([...shrink({ width: 9, height: 2, channels: "bits", data: bits }, 100).data.subarray(0, 9)]).toEqual([
    255, 0, 255, 0, 0, 0, 0, 0, 255,
  ]);
});
