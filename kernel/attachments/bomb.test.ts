import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import { packedStreams, refuseBomb } from "./bomb.ts";

const stream = (content: Buffer, dictionary = "/Filter /FlateDecode"): Buffer => {
  const packed = deflateSync(content, { level: 9 });
  return Buffer.concat([
    Buffer.from(`%PDF-1.4\n4 0 obj\n<< /Length ${packed.length} ${dictionary} >>\nstream\n`),
    packed,
    Buffer.from("\nendstream\nendobj\n"),
  ]);
};
const codeOf = async (bytes: Buffer) =>
  refuseBomb(new Uint8Array(bytes), "x.pdf").then(
    () => "fine",
    (thrown: unknown) => (thrown instanceof KernelError ? thrown.code : "not ours"),
  );
const zeros = (megabytes: number) => Buffer.alloc(megabytes * 1024 * 1024);

it("streams are found by their keywords, with what they say about themselves", () => {
  const file = stream(Buffer.from("q Q")).toString("latin1");
  expect(packedStreams(file)).toMatchObject([{ picture: false, nested: false }]);
  expect(packedStreams("a stream of words\nendstream")).toEqual([]);
});

it("a stream that unpacks out of all proportion is refused, a picture may be larger", async () => {
  expect(await codeOf(stream(zeros(8)))).toBe("fine");
  expect(await codeOf(stream(zeros(30)))).toBe("pdf.too_large");
  expect(await codeOf(stream(zeros(30), "/Subtype /Image /Filter /FlateDecode"))).toBe("fine");
  expect(await codeOf(stream(zeros(60), "/Subtype /Image /Filter /FlateDecode"))).toBe("pdf.too_large");
  expect(await codeOf(stream(deflateSync(zeros(30)), "/Filter [/FlateDecode /FlateDecode]"))).toBe("pdf.too_large");
});

it("a broken stream is left to the reader, and a false end does not hide the rest", async () => {
  expect(await codeOf(Buffer.from("4 0 obj << /Filter /FlateDecode >>\nstream\nnonsense\nendstream"))).toBe("fine");
  const packed = deflateSync(Buffer.concat([Buffer.from("endstream"), zeros(30)]), { level: 9 });
  const hidden = Buffer.concat([
    Buffer.from(`4 0 obj << /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    Buffer.from("\nendstream"),
  ]);
  expect(await codeOf(hidden)).toBe("pdf.too_large");
});
