/**
 * Programs of a line that ask for much by little, one for each native that can be asked so. Each is refused.
 * `big` is a text of 60 million characters, which fits; `bytes` is as large.
 */
const head = 'const big = "a".repeat(6e7), bytes = new Uint8Array(6e7), some = "a".repeat(1e5); ';
export const greedy: Record<string, string> = {
  "String.prototype.repeat": '"ab".repeat(2 ** 28)',
  "String.prototype.padStart": '"".padStart(2 ** 29, "x")',
  "String.prototype.padEnd": '"".padEnd(2 ** 29, "x")',
  "String.prototype.concat": "big.concat(big)",
  "String.prototype.replace": "some.replace('a', \"$'\".repeat(2000))",
  "String.prototype.replaceAll": 'some.replaceAll("", some)',
  "String.prototype.replaceAll with a function": 'some.replaceAll("", () => some)',
  "RegExp.prototype[Symbol.replace]": "some.replace(/a/g, some)",
  "RegExp.prototype[Symbol.replace] with what follows": 'some.replace(/a/g, "$\'")',
  "RegExp.prototype[Symbol.replace] with a function": "some.replace(/a/g, () => some)",
  "RegExp.prototype[Symbol.match]": "big.match(/a/g)",
  "String.prototype.split": 'big.split("")',
  "RegExp.prototype[Symbol.split]": "big.split(/a/)",
  "RegExp.escape": 'RegExp.escape("*".repeat(6e7))',
  "URLSearchParams.prototype.toString": "new URLSearchParams({ a: big }).toString()",
  "Iterator.prototype.toArray": "const list = []; list.length = 4e9; list.values().toArray()",
  "Iterator.prototype.join": "const list = []; list.length = 1e6; list.values().join(some)",
  "String.prototype.normalize": 'big.normalize("NFKD")',
  "String.prototype.toUpperCase": "big.toUpperCase()",
  "String.prototype.toLocaleUpperCase": "big.toLocaleUpperCase()",
  "String.prototype.toLowerCase": "big.toLowerCase()",
  "String.prototype.toLocaleLowerCase": "big.toLocaleLowerCase()",
  "String.prototype.link": "''.link(big)",
  "String.raw": "String.raw({ raw: { length: 2 ** 30 } })",
  "Array.prototype.fill": "const list = []; list.length = 1e8; list.fill(0)",
  "Array.prototype.map": "const list = []; list.length = 3e7; list.map((x) => x)",
  "Array.prototype.with": "const list = []; list.length = 3e7; list.with(0, 1)",
  "Array.prototype.slice": "const list = []; list.length = 3e7; list.slice()",
  "Array.prototype.splice": "const list = []; list.length = 3e7; list.splice(0, 3e7)",
  "Array.prototype.toSpliced": "const list = []; list.length = 3e7; list.toSpliced(0, 1)",
  "Array.prototype.toSorted": "const list = []; list.length = 3e7; list.toSorted()",
  "Array.prototype.toReversed": "const list = []; list.length = 3e7; list.toReversed()",
  "Array.prototype.filter": "const list = []; list.length = 3e7; list.filter(() => true)",
  "Array.prototype.keys": "const list = []; list.length = 4e9; Array.from(list.keys())",
  "Array.prototype.entries": "const list = []; list.length = 4e9; Array.from(list.entries())",
  "Array.prototype.concat": "const list = Array.from({ length: 5e6 }); list.concat(list, list)",
  "Array.prototype.join": "Array.from({ length: 1e5 }).join(some)",
  "Array.prototype.join of texts": 'Array.from({ length: 1000 }).fill(some).join("")',
  "Array.prototype.toString": "const list = Array.from({ length: 1000 }).fill(some); `${list}`",
  "Array.prototype.toLocaleString": "Array.from({ length: 1000 }).fill(some).toLocaleString()",
  "Array.prototype.flat": "let list = [1]; for (let n = 0; n < 40; n += 1) list = [list, list]; list.flat(Infinity)",
  "Array.prototype.flatMap": "const list = Array.from({ length: 1e4 }); list.flatMap(() => list)",
  "Array.from": "Array.from({ length: 1e9 })",
  "Array.fromAsync": "await Array.fromAsync({ length: 1e9 })",
  "Array, called": "new Array(3e7)",
  "a spread": "const list = []; list.length = 4e9; [...list]",
  "Object.keys": "Object.keys(big)",
  "Object.values": "Object.values(big)",
  "Object.entries": "Object.entries(big)",
  "Object.getOwnPropertyNames": "Object.getOwnPropertyNames(big)",
  "Object.getOwnPropertyDescriptors": "Object.getOwnPropertyDescriptors(big)",
  "Object.assign": "Object.assign({}, big)",
  "Object.groupBy": "const list = []; list.length = 4e9; Object.groupBy(list, () => 1)",
  "Map.groupBy": "const list = []; list.length = 4e9; Map.groupBy(list, () => 1)",
  "Reflect.ownKeys": "Reflect.ownKeys(bytes)",
  "Promise.all": "const list = []; list.length = 4e9; await Promise.all(list)",
  "Promise.allSettled": "const list = []; list.length = 4e9; await Promise.allSettled(list)",
  "Promise.any": "const list = []; list.length = 4e9; await Promise.any(list)",
  "Promise.race": "const list = []; list.length = 4e9; await Promise.race(list)",
  "JSON.stringify": "let tree = {}; for (let n = 0; n < 40; n += 1) tree = { a: tree, b: tree }; JSON.stringify(tree)",
  "JSON.stringify of one text": "JSON.stringify(Array.from({ length: 1000 }).fill(some))",
  "JSON.stringify of holes": "const list = []; list.length = 1e9; JSON.stringify(list)",
  "JSON.stringify with an indent":
    "let tree = []; for (let n = 0; n < 4000; n += 1) tree = [tree, n, n, n]; JSON.stringify(tree, null, 10)",
  "JSON.rawJSON": 'const long = "1".repeat(6e7); JSON.rawJSON(long + long)',
  "JSON.parse": 'JSON.parse("[" + "[],".repeat(8e6) + "[]]")',
  "Response.json": "let tree = {}; for (let n = 0; n < 40; n += 1) tree = { a: tree, b: tree }; Response.json(tree)",
  "BigInt.asUintN": "BigInt.asUintN(2 ** 30, -1n)",
  "BigInt.prototype.toString": "let n = 3n; for (;;) { n = n * n; n.toString() }",
  "a power": "2n ** 900_000_000n",
  "a shift": "1n << 900_000_000n",
  "a sum of texts": "let text = some; for (;;) text += text",
  "a template": "let text = some; for (;;) text = `${text}${text}`",
  "%TypedArray%.prototype.join": "bytes.join(some)",
  "%TypedArray%.prototype.toString": "bytes.toString()",
  "%TypedArray%.prototype.toLocaleString": "bytes.toLocaleString()",
  "%TypedArray%.prototype.slice": "const kept = []; for (;;) kept.push(bytes.slice())",
  "%TypedArray%.prototype.map": "const kept = []; for (;;) kept.push(bytes.subarray(0, 2e5).map(Math.abs))",
  "%TypedArray%.prototype.filter":
    "const kept = []; for (;;) kept.push(bytes.subarray(0, 2e5).filter(Number.isFinite))",
  "%TypedArray%.prototype.with": "const kept = []; for (;;) kept.push(bytes.with(0, 1))",
  "%TypedArray%.prototype.toReversed": "const kept = []; for (;;) kept.push(bytes.toReversed())",
  "%TypedArray%.prototype.toSorted": "const kept = []; for (;;) kept.push(bytes.subarray(0, 1e6).toSorted())",
  "Uint8Array.prototype.toHex": "bytes.toHex()",
  "Uint8Array.prototype.toBase64": "bytes.toBase64()",
  "Uint8Array.fromHex": "const kept = []; for (;;) kept.push(Uint8Array.fromHex(big))",
  "Uint8Array.fromBase64": "const kept = []; for (;;) kept.push(Uint8Array.fromBase64(big))",
  "Uint8Array by what it has made": "new (new Uint8Array(1).constructor)(2 ** 30)",
  "ArrayBuffer by what it has made": "new (new ArrayBuffer(1).constructor)(2 ** 30)",
  "ArrayBuffer.prototype.slice": "const kept = []; for (;;) kept.push(bytes.buffer.slice(0))",
  "ArrayBuffer.prototype.transfer": "new ArrayBuffer(8).transfer(2 ** 30)",
  "ArrayBuffer.prototype.transferToFixedLength": "new ArrayBuffer(8).transferToFixedLength(2 ** 30)",
  "TextEncoder.prototype.encode": "new TextEncoder().encode(big)",
  Blob: "new Blob(Array.from({ length: 100 }).fill(bytes))",
  File: 'new File(Array.from({ length: 100 }).fill(bytes), "a")',
  "Blob.prototype.arrayBuffer":
    "const blob = new Blob([bytes]); const kept = []; for (;;) kept.push(await blob.arrayBuffer())",
  "Blob.prototype.bytes": "const blob = new Blob([bytes]); const kept = []; for (;;) kept.push(await blob.bytes())",
  "a Response with a form":
    'const form = new FormData(), blob = new Blob([bytes]); for (let n = 0; n < 20; n += 1) form.append("a" + n, blob); new Response(form)',
  structuredClone: "const kept = []; for (;;) kept.push(structuredClone(bytes))",
  escape: "escape(big)",
  encodeURI: "encodeURI(big)",
  encodeURIComponent: "encodeURIComponent(big)",
  btoa: "btoa(big)",
  "Request.prototype.arrayBuffer":
    "const zeros = new Uint8Array(2 ** 20); await new Request('https://a.example/', { method: 'POST', body: new ReadableStream({ pull(to) { to.enqueue(zeros); } }) }).arrayBuffer()",
};

export const greedyProgram = (code: string): string => `${head}${code}; return "made"`;

/** What is small and unpacks to 40 MB, read in each way that a body can be. */
export const unpacking = ["arrayBuffer", "text", "json", "bytes", "blob"] as const;
export const unpackingProgram = (method: string, packed: string): string =>
  `const packed = Uint8Array.fromBase64("${packed}"); await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).${method}(); return "made"`;

/** Gives the natives of these holders that are as the runtime made them, by name. */
export const bareNatives = `
const holders = { "": globalThis, String, "String.prototype": String.prototype, Array, "Array.prototype": Array.prototype, Object, Reflect, JSON, Promise, Map, Set, "Map.prototype": Map.prototype, "Set.prototype": Set.prototype, "RegExp.prototype": RegExp.prototype, RegExp, BigInt, "BigInt.prototype": BigInt.prototype, "Number.prototype": Number.prototype, "Iterator.prototype": Iterator.prototype, Iterator, "%TypedArray%": Object.getPrototypeOf(Uint8Array), "%TypedArray%.prototype": Object.getPrototypeOf(Uint8Array.prototype), Uint8Array, "Uint8Array.prototype": Uint8Array.prototype, ArrayBuffer, "ArrayBuffer.prototype": ArrayBuffer.prototype, "TextEncoder.prototype": TextEncoder.prototype, "TextDecoder.prototype": TextDecoder.prototype, "Blob.prototype": Blob.prototype, Response, "Response.prototype": Response.prototype, "Request.prototype": Request.prototype, "SubtleCrypto.prototype": SubtleCrypto.prototype, "URLSearchParams.prototype": URLSearchParams.prototype, WebAssembly };
const bare = [];
const toText = Function.prototype.toString;
for (const [at, holder] of Object.entries(holders)) {
  if (typeof holder !== "object" && typeof holder !== "function") continue;
  for (const key of Reflect.ownKeys(holder)) {
    const { value } = Object.getOwnPropertyDescriptor(holder, key);
    if (key === "constructor" || typeof value !== "function" || !toText.call(value).includes("[native code]")) continue;
    bare.push((at ? at + "." : "") + (typeof key === "symbol" ? "[" + key.description + "]" : key));
  }
}
return bare.sort();`;
