/** Programs that take all they can get, each in its own way. */
const fill = (from: number) => `// Fill
const text = "the quick brown fox\\n".repeat(3000);
await Promise.all(Array.from({ length: 150 }, (_, n) => FILES.write("home/fill/" + (${from} + n) + ".txt", text + n)));`;

export const noisy: { prepare: string[]; programs: Record<string, string> } = {
  /** 300 files, 18 MB: what one search may look through. */
  prepare: [fill(0), fill(150)],
  programs: {
    "12 searches at once":
      'return await Promise.all(Array.from({ length: 12 }, () => FILES.find({ text: "zebra" }))).then((all) => all.length);',
    "200 searches at once":
      'return (await Promise.allSettled(Array.from({ length: 200 }, () => TOOLS.find_files({ text: "zebra" })))).map((one) => one.reason?.code ?? "found").slice(-1);',
    "large JSON to a tool":
      "const many = new Array(8e6).fill([]);\nreturn (await Promise.allSettled([1, 2, 3].map(() => TOOLS.find_files(many)))).map((one) => String(one.reason));",
    "deep JSON to a tool":
      'const many = new Array(150_000).fill({ a: [{ b: [] }] });\nreturn (await Promise.allSettled(Array.from({ length: 20 }, () => TOOLS.ask_person({ question: "x", many })))).map((one) => String(one.reason)).slice(0, 1);',
    "large files, written and read":
      'const text = "x".repeat(8e6);\nawait Promise.all(Array.from({ length: 12 }, (_, n) => FILES.write("home/big/" + n + ".txt", text)));\nfor (let n = 0; n < 100; n += 1) await FILES.read("home/big/" + (n % 12) + ".txt");',
    "many small calls":
      'await Promise.all(Array.from({ length: 199 }, (_, n) => FILES.write("home/small/" + n, "x")));',
    "requests with large bodies":
      'const body = "x".repeat(8e6);\nawait Promise.allSettled(Array.from({ length: 100 }, () => PROXY.fetch("https://a.example/", { method: "POST", body })));',
    "a flood of lines": 'for (let n = 0; n < 1e6; n += 1) console.log("x".repeat(100));',
    "a loop without end": "for (;;) {}",
    "a title that backtracks": `//a${" ".repeat(30_000)}b\nreturn 1;`,
    "a regular expression": 'return /^(a+)+$/.test("a".repeat(34) + "b");',
    "a regular expression that ignores case": 'return /^(a+)+$/i.test("a".repeat(34) + "b");',
  },
};
