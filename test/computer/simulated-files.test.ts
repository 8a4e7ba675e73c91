import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Box } from "../../kernel/sandbox/computer/types.ts";
import { type Bench, runner } from "./bench.ts";
import { startSimulated } from "./start.ts";

const user = "slack:T1:U1";
let bench: Bench;
let box: Box;
let run: ReturnType<typeof runner>;
beforeAll(async () => {
  bench = await startSimulated();
  box = bench.box(user, "main");
  run = runner(box, "thread-1");
});
afterAll(() => bench.stop());

describe("C12 the person's files in a simulated shell", () => {
  it("what a command writes has a version, a command's one each, and the box's name on it", async () => {
    const files = bench.files(user);
    await run("for i in 1 2 3; do echo $i >> /r2/home/log.txt; done");
    await run("echo 4 >> /r2/home/log.txt; cat /r2/home/log.txt > /dev/null");
    await run("cat /r2/home/log.txt");
    const versions = (await files.versions("home/log.txt")).toSorted((a, b) => a.n - b.n);
    expect(versions.map(({ n, author }) => [n, author])).toEqual([[1, "box"], [2, "box"]]); // oxfmt-ignore
    expect(new TextDecoder().decode((await files.read("home/log.txt")).bytes)).toBe("1\n2\n3\n4\n");
  });

  it("what the tools write is there, with its size, and is read only when it is", async () => {
    const files = bench.files(user);
    await files.write("uploads/report.csv", "a,b\n1,2\n");
    const { stdout } = await run("ls -l /r2/uploads | tail -1; cut -d, -f2 /r2/uploads/report.csv; ls /r2");
    expect(stdout).toMatch(/ 8 .*report\.csv\nb\n2\nhome\nsites\nthread\nuploads\n$/);
  });

  it("renames and removals are the files' own", async () => {
    const files = bench.files(user);
    await files.write("home/old.txt", "moves");
    await files.write("home/gone/a.txt", "goes");
    await run("mv /r2/home/old.txt /r2/home/new.txt; rm -r /r2/home/gone");
    expect(await files.stat("home/old.txt")).toBeNull();
    expect(await files.stat("home/gone/a.txt")).toBeNull();
    expect(new TextDecoder().decode((await files.read("home/new.txt")).bytes)).toBe("moves");
  });

  it("a box reads and writes them at their absolute paths, too", async () => {
    await box.write("/r2/thread/shared.txt", new TextEncoder().encode("for all"));
    expect((await bench.files(user).stat("thread/shared.txt"))?.sizeBytes).toBe(7);
    expect((await box.list("/r2/thread")).map(({ path }) => path)).toEqual(["/r2/thread/shared.txt"]);
    await box.remove("/r2/thread/shared.txt");
    expect(await box.read("/r2/thread/shared.txt")).toBeNull();
  });

  it.each([
    ["a place that is none of the person's", "echo x > /r2/other.txt"],
    ["a folder that is none", "mkdir /r2/secrets"],
    ["a link out of them", "ln -s /workspace /r2/home/out"],
    ["a name that no file may have", "echo x > \"/r2/home/$(printf 'a\\nb')\""],
    ["a name with an encoded way up", "echo x > /r2/home/%2e%2e"],
  ])("%s is refused in words", async (_, command) => {
    const { exitCode, stderr } = await run(command);
    expect(exitCode).not.toBe(0);
    expect(stderr).not.toBe("");
    expect((await bench.files(user).list("")).files.map(({ path }) => path).join()).not.toMatch(
      /other|secrets|out|%|a\n/,
    );
  });

  it("a way up out of them ends in the box's own disk", async () => {
    const { stdout } = await run("cat /r2/../../etc/passwd /r2/home/../../../etc/passwd 2>&1; ls /r2/..");
    expect(stdout).not.toContain("root:");
    expect(stdout).toContain("workspace");
  });

  it("another person's files are not there", async () => {
    await bench.files("slack:T1:U2").write("home/theirs.txt", "secret");
    expect((await run("find / -name 'theirs*'; grep -r secret /r2 /workspace /tmp")).stdout).toBe("");
  });
});

describe("C12 a simulated shell is honest and bounded", () => {
  it.each([
    "python3 x.py",
    "pip install x",
    "git status",
    "node -v",
    "npm ci",
    "docker ps",
    "ssh a",
    "curl https://a.b",
    "wget a.b",
    "gcc a.c",
    "make",
    "apt-get install x",
    "sqlite3",
    "tar xf a",
  ])("%s is refused by name", async (command) => {
    const [name = ""] = command.split(" ");
    const { exitCode, stderr } = await run(command);
    expect(exitCode).toBe(127);
    expect(stderr).toContain(`${name}: refused: a simulated shell has no ${name}.`);
    expect(stderr).toContain("COMPUTER=jail");
    expect((await run(`command -v ${name} || echo none`)).stdout).toBe("none\n");
  });

  it("sees no variable and no secret of the host", async () => {
    const { stdout } = await run(
      "env; set; cat /proc/self/environ /proc/1/environ /proc/*/* 2>/dev/null; find / -type f",
    );
    expect(stdout).not.toMatch(/canary|COMPUTER|LOADER|process\.env/i);
  });

  it.each([
    [
      "a regular expression that goes back and forth",
      "printf 'a%.0s' {1..5000} > /tmp/a; grep -E '(a+)+$' /tmp/a | wc -c; grep -cE '^(a|aa)+b$' /tmp/a",
    ],
    ["braces", "echo {1..99999999} | wc -c; echo {a..z}{a..z}{a..z}{a..z}{a..z} | wc -c"],
    ["yes", "yes | head -1"],
    ["a long sort", "for i in $(seq 1 200); do seq 1 1000; done > /tmp/s; sort -r /tmp/s | sort | sort -u | wc -l"],
    ["awk", "awk 'BEGIN { while (1) x = x \"a\" }'"],
    ["sed", "echo a | sed ':a; s/a/aa/; ta'"],
    ["jq", "jq -n '[range(1e9)] | length'"],
    ["a long number", "printf '%0999999999d' 1 | wc -c"],
    ["find in find", "find / -exec find / \\; | wc -l"],
    ["xargs", "seq 1 50000 | xargs -n1 echo | tail -1"],
    ["eval in eval", 'x=\'eval "$x"\'; eval "$x"'],
    ["a script that runs itself", "echo 'bash /tmp/self.sh' > /tmp/self.sh; bash /tmp/self.sh"],
    ["an array of the largest index", "a[999999999999]=1; echo ${a[@]}"],
    ["arithmetic", "((i = 0)); while ((i < 1000000000)); do ((i++)); done"],
  ])("%s comes to an end, and the next command runs", async (_, command) => {
    const { wallMs } = await run(command, { timeoutMs: 10_000 });
    expect(wallMs).toBeLessThan(16_000);
    expect((await run("echo next")).stdout).toBe("next\n");
  });

  it("commands of one box at once are run one after the other, and none is lost", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => run(`echo ${n} > /workspace/at-once-${n}`)));
    expect((await run("cat /workspace/at-once-* | sort | tr -d '\\n'")).stdout).toBe("01234567");
  });

  it("too long a command and too much input are refused", async () => {
    const code = (name: string) => expect.objectContaining({ code: name });
    await expect(run(`echo ${"x".repeat(40_000)}`)).rejects.toEqual(code("input.invalid"));
    await expect(run("cat", { stdin: "x".repeat(300_000) })).rejects.toEqual(code("input.invalid"));
  });
});

describe("D2 the stub in a simulated shell's isolate, in hostile hands", () => {
  const answerOf = (call: string) => bench.hostile(user, `return await FILES.call(${call});`);
  const refusal = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) as unknown });

  it.each([
    [`"find", { text: "a" }`],
    [`"move", "home/a", "home/b"`],
    [`"stat", "home/a"`],
    [`"versions", "home/a"`],
    [`"toString"`],
    [`"__proto__", "home/a"`],
    [`["read"], "home/a"`],
    [`null`],
    [``],
    [`"read"`],
    [`"read", { toString: () => "home/a" }`],
    [`"read", "home/a", { offset: -1, length: 1 }`],
    [`"write", "home/a"`],
    [`"write", "home/a", "x", { author: "somebody else" }`],
    [`"write", "home/a", "x", { mediaType: "text/html\\r\\nset-cookie: a" }`],
    [`"remove", "home/a"`],
    [`"remove", "home/a", {}`],
    [`"remove", "home/a", { basedOn: 1 }`],
    [`"remove", "home/a", { basedOn: "x", author: "y" }`],
  ])("call(%s) is refused as input", async (call) => {
    expect(await answerOf(call)).toEqual(refusal("input.invalid"));
  });

  it.each([
    "../a",
    "home/../../a",
    "u/slack:T1:U2/home/a",
    "/home/a",
    "home/%2e%2e/a",
    "home\\\\a",
    "home/a\\0",
    "other/a",
  ])("the path %s is refused before anything is read", async (path) => {
    expect(await answerOf(`"read", "${path}"`)).toEqual(refusal("path.invalid"));
    expect(await answerOf(`"write", "${path}", "x"`)).toEqual(refusal("path.invalid"));
    expect(await answerOf(`"remove", "${path}", { basedOn: "x" }`)).toEqual(refusal("path.invalid"));
  });

  it("has one method, and nothing of the isolate leads out", async () => {
    const code = `
const tried = {};
for (const name of ["close", "files", "_files", "constructor", "dup2", "fetch"])
  tried[name] = await Promise.resolve().then(() => FILES[name]("home/a")).then((value) => (typeof value), (error) => "refused");
tried.net = await fetch("http://127.0.0.1/").then(() => "open", () => "refused");
tried.env = Object.keys(env).length;
return tried;`;
    const { net, env, ...methods } = (await bench.hostile(user, code)) as Record<string, unknown>;
    expect({ net, env }).toEqual({ net: "refused", env: 0 });
    expect(Object.entries(methods).filter(([, how]) => how !== "refused")).toEqual([]);
  });

  it("is bounded in its calls", async () => {
    const code = `let last; for (let n = 0; n < 2005; n++) last = await FILES.call("read", 1); return last;`;
    expect(await bench.hostile(user, code)).toEqual(refusal("limit.calls"));
  });
});
