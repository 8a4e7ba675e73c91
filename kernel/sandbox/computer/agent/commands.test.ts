import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectTo, events, type OpenBox, openBox } from "./open-box.ts";

let open: OpenBox;
beforeAll(async () => {
  open = await openBox();
});
afterAll(() => open[Symbol.asyncDispose]());

const sh = (command: string, session = "s", options?: Parameters<OpenBox["box"]["commands"]["execute"]>[2]) =>
  open.box.commands.execute(command, session, options);

describe("a foreground command", () => {
  test("gives its output, both streams and its code", async () => {
    const result = await sh("echo out; echo err >&2; exit 3", "codes");
    expect(result).toMatchObject({ success: false, exitCode: 3, stdout: "out\n", stderr: "err\n" });
    expect((await sh("kill -9 $$", "codes")).exitCode).toBe(137);
  });

  test("finds where the one before it in its session went, and what it set", async () => {
    await sh("mkdir -p deep && cd deep && export SEEN='a b\n\"c\"' plain=kept && f() { echo f of $1; }", "keeps");
    const { stdout } = await sh('pwd; echo "$SEEN"; echo $plain; f x; cd - >/dev/null; pwd', "keeps");
    expect(stdout).toBe(`${open.workspace}/deep\na b\n"c"\nkept\nf of x\n${open.workspace}\n`);
    expect((await sh("unset SEEN; unset -f f", "keeps")).exitCode).toBe(0);
    expect((await sh("echo ${SEEN-gone}; f", "keeps")).stdout).toBe("gone\n");
    expect((await sh("pwd; echo ${plain-none}", "other")).stdout).toBe(`${open.workspace}\nnone\n`);
  });

  test.each([
    ["exit 3", 3],
    ["set -e; false; echo no", 1],
    ["set -eu; echo $nothing_here", 1],
    ["set -x; echo traced", 0],
    ["if then", 2],
    ["echo 'unclosed", 2],
    ["kill -KILL $$", 137],
    ["exec true", 0],
    ["set -C; trap 'echo bye' EXIT; exit 4", 4],
    ["exec >&- 2>&-; exit 5", 5],
    ["IFS=:; set -f", 0],
  ])("%s leaves a session that works and is where it was", async (command, code) => {
    const session = `hard ${command}`;
    await sh("cd / && export KEPT=1", session);
    expect((await sh(command, session)).exitCode).toBe(code);
    expect(await sh('echo $KEPT "$PWD" /e*c', session)).toMatchObject({
      stdout: "1 / /etc\n",
      stderr: "",
      exitCode: 0,
    });
  });

  test("keeps what was set before it failed", async () => {
    await sh("set -e; export BEFORE=yes; cd /; false; export AFTER=no", "failed");
    expect((await sh("echo $BEFORE ${AFTER-unset} $PWD", "failed")).stdout).toBe("yes unset /\n");
  });

  test("takes variables and a folder for itself alone", async () => {
    await sh("export A=session; cd /", "alone");
    const own = { env: { A: "own", B: "b'b\n", C: undefined }, cwd: open.workspace };
    expect((await sh("echo $A $B $PWD; export A=changed D=d; cd /usr", "alone", own)).stdout).toBe(
      `own b'b ${open.workspace}\n`,
    );
    expect((await sh("echo $A ${B-none} $D $PWD; env | grep -c '^A='", "alone")).stdout).toBe("session none d /\n1\n");
  });

  test("says so when its folder is gone or never was", async () => {
    await sh("mkdir gone && cd gone && rmdir ../gone", "lost");
    const lost = await sh("pwd", "lost");
    expect(lost.stdout).toBe(`${open.workspace}\n`);
    expect(lost.stderr).toContain("gone; starting in");
    expect(await sh("pwd", "lost", { cwd: "/no/such" })).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test("of one session they run in order, those of another beside them", async () => {
    await sh("mkfifo fifo", "beside");
    const first = sh("read -r line < fifo; echo $line >> order", "line");
    const second = sh("echo second >> order", "line");
    await sh("echo first > fifo", "beside");
    await Promise.all([first, second]);
    expect(await readFile(join(open.workspace, "order"), "utf8")).toBe("first\nsecond\n");
  });

  test("is ended with all it started when its time is up, also when it does not want to", async () => {
    const result = await sh(
      "echo begun; trap '' TERM; (trap '' TERM; echo $BASHPID > child; while :; do sleep 0.05; done) & wait",
      "late",
      {
        timeoutMs: 300,
      },
    );
    expect(result).toMatchObject({ exitCode: 124, stdout: "begun\n" });
    expect(result.stderr).toContain("ended after 0.3 s");
    const child = Number(await readFile(join(open.workspace, "child"), "utf8"));
    await expect.poll(() => alive(child), { timeout: 8000 }).toBe(false);
    expect((await sh("echo usable", "late")).stdout).toBe("usable\n");
  });

  test("does not wait for what it left running, nor kill it", async () => {
    const started = performance.now();
    const { stdout } = await sh("sleep 60 & echo $!", "leaves");
    expect(performance.now() - started).toBeLessThan(8000);
    expect(alive(Number(stdout))).toBe(true);
    process.kill(Number(stdout), "SIGKILL");
  });

  test("of 20 MB gives the head and the tail and says what is between", async () => {
    const { stdout } = await sh("echo HEAD; head -c 20000000 /dev/zero | tr '\\0' x; echo; echo TAIL", "large");
    expect(stdout.length).toBeLessThan(1_100_000);
    expect(stdout.startsWith("HEAD\nxxx")).toBe(true);
    expect(stdout).toMatch(/\[… 189\d{5} bytes left out …\]/);
    expect(stdout.endsWith("xxx\nTAIL\n")).toBe(true);
  });

  test("that floods is ended by its time, in bounded memory", async () => {
    const before = process.memoryUsage().rss;
    const { stdout, exitCode } = await sh("yes", "flood", { timeoutMs: 700 });
    expect(exitCode).toBe(124);
    expect(stdout.length).toBeLessThan(1_100_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test("may be long, and may say anything", async () => {
    const long = `: '${"x".repeat(300_000)}'; echo end "$#" "$0"`;
    expect((await sh(long, "long")).stdout).toBe("end 0 bash\n");
    expect((await sh("printf 'ü€😀\\377|'; printf '%s' \"a\u2028b\"", "odd")).stdout).toBe("ü€😀\uFFFD|a\u2028b");
  });

  test("has nothing of the host's variables, and the proxy's address", async () => {
    const { stdout } = await sh("env", "env");
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(new Set(names)).toEqual(
      new Set(
        ["PATH", "HOME", "LANG", "TERM", "DISPLAY", "PWD", "SHLVL", "_"].concat(
          ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"],
          names.includes("OLDPWD") ? ["OLDPWD"] : [],
        ),
      ),
    );
    expect(stdout).toContain(`HTTPS_PROXY=http://127.0.0.1:${open.agent.egressPort}\n`);
  });

  test("refuses what is not what it seems", async () => {
    const odd = { "A=B;rm": "x" } as Record<string, string>;
    await expect(sh("true", "odd", { env: odd })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(sh({} as string)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(sh("true", "odd", { timeoutMs: -1 })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

describe("a streamed command", () => {
  test("is told as it is written, in whole characters", async () => {
    await sh("mkfifo gate", "beside");
    const stream = await open.box.commands.executeStream(
      "printf '\\303'; read -r x < gate; printf '\\274'; exit 7",
      "st",
    );
    const seen: Record<string, unknown>[] = [];
    await sh("echo > gate", "beside");
    for await (const event of events(stream)) seen.push(event);
    expect(seen[0]?.["pid"]).toBeGreaterThan(1);
    expect(seen.map(({ type, data, exitCode }) => ({ type, data, exitCode }))).toEqual([
      { type: "start", data: undefined, exitCode: undefined },
      { type: "stdout", data: "ü", exitCode: undefined },
      { type: "complete", data: undefined, exitCode: 7 },
    ]);
  });

  test("is ended when its stream is cancelled", async () => {
    const stream = await open.box.commands.executeStream("echo $$; sleep 300", "cancelled");
    const reader = stream.getReader();
    let pid = 0;
    while (pid === 0)
      pid = Number(/"data":"(\d+)/.exec(new TextDecoder().decode((await reader.read()).value))?.[1] ?? 0);
    await reader.cancel();
    await expect.poll(() => alive(pid), { timeout: 8000 }).toBe(false);
    expect((await sh("echo next", "cancelled")).stdout).toBe("next\n");
  });

  test("is ended when its connection is lost; the session stays", async () => {
    using other = connectTo(open.run);
    await other.box.commands.execute("export STAYS=1", "lost-line");
    const running = other.box.commands.execute("echo $$ > pid; sleep 300", "lost-line");
    running.catch(() => undefined);
    const pid = async () => Number(await readFile(join(open.workspace, "pid"), "utf8").catch(() => "0"));
    await expect.poll(pid, { timeout: 8000 }).toBeGreaterThan(0);
    const started = await pid();
    other.drop();
    await expect(running).rejects.toThrow();
    await expect.poll(() => alive(started), { timeout: 8000 }).toBe(false);
    expect((await sh("echo $STAYS", "lost-line")).stdout).toBe("1\n");
  });
});

describe("sessions", () => {
  test("are made with a folder and variables, listed, and deleted with what runs in them", async () => {
    const made = await open.box.utils.createSession({ id: "made", cwd: "/usr", env: { GIVEN: "x y" } });
    expect(made).toMatchObject({ success: true, id: "made" });
    expect((await sh("echo $PWD $GIVEN", "made")).stdout).toBe("/usr x y\n");
    expect((await open.box.utils.listSessions()).sessions).toContain("made");
    await expect(open.box.utils.createSession({ id: "made" })).rejects.toMatchObject({
      code: "SESSION_ALREADY_EXISTS",
      details: { sessionId: "made" },
    });
    const running = sh("sleep 300", "made");
    const queued = sh("echo never", "made");
    queued.catch(() => undefined);
    await open.box.utils.deleteSession("made");
    expect((await running).exitCode).toBe(143);
    await expect(queued).rejects.toMatchObject({ code: "SESSION_DESTROYED" });
  });

  test("can be none: each command by itself", async () => {
    await sh("cd /; export X=1", "__DISABLE_SESSION__");
    expect((await sh("echo $PWD ${X-none}", "__DISABLE_SESSION__")).stdout).toBe(`${open.workspace} none\n`);
    expect((await open.box.utils.listSessions()).sessions).not.toContain("__DISABLE_SESSION__");
  });
});

test("the version is the SDK's own, so that it does not warn", async () => {
  const sdk = JSON.parse(await readFile("node_modules/@cloudflare/sandbox/package.json", "utf8")) as {
    version: string;
  };
  expect(await open.box.utils.getVersion()).toBe(sdk.version);
  expect(await open.box.utils.ping()).toBe("pong");
  expect(await open.box.utils.getCommands()).toContain("bash");
});

test("what is not here says so", async () => {
  await expect(open.box.interpreter.createCodeContext()).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  await expect(open.box.tunnels.listTunnels()).rejects.toThrow(/no tunnels/);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
