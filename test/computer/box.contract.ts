import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../kernel/limits.ts";
import { banner } from "../../kernel/sandbox/computer/simulated/refusals.ts";
import type { Box, BoxChange, ExecResult } from "../../kernel/sandbox/computer/types.ts";
import { type Abilities, type Bench, type Run, runner, until } from "./bench.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array | null) => (content === null ? null : new TextDecoder().decode(content));
const withCode = (code: string) => expect.objectContaining({ code });
const unsupported = withCode("computer.unsupported");

/** What every kind of computer does, and what a kind that cannot do a thing says instead. */
export function computerContract(name: string, start: () => Promise<Bench>, { kind, machine }: Abilities): void {
  describe(name, () => {
    const user = "slack:T1:U1";
    let bench: Bench;
    let box: Box;
    let run: Run;
    beforeAll(async () => {
      bench = await start();
      box = bench.box(user, "main");
      run = runner(box, "thread-1");
    });
    afterAll(() => bench?.stop());

    it("is of the kind it says", async () => {
      expect(box.kind).toBe(kind);
    });

    it("C3 a command gives its output and its exit code", async () => {
      expect(await run("echo hello")).toMatchObject({ exitCode: 0, stdout: "hello\n", stderr: "", limits: [] });
      expect((await run("false")).exitCode).toBe(1);
      expect((await run("exit 7")).exitCode).toBe(7);
      expect((await run("no-such-command-here")).exitCode).toBe(127);
      expect((await run("echo it goes on")).stdout).toBe("it goes on\n");
    });

    it("C3 what is written to stderr comes as stderr", async () => {
      expect(await run("echo out; echo err >&2; exit 3")).toMatchObject({
        exitCode: 3,
        stdout: "out\n",
        stderr: "err\n",
      });
    });

    it("C3 a command that does not parse says so, and the next one runs", async () => {
      const broken = await run("if then fi (");
      expect(broken.exitCode).not.toBe(0);
      expect(broken.stderr).toContain("syntax error");
      expect((await run("echo on")).stdout).toBe("on\n");
    });

    it("C3 input is read, and there is none when none was given", async () => {
      expect((await run("cat; echo .", { stdin: "één\ntwo\n" })).stdout).toBe("één\ntwo\n.\n");
      expect((await run("cat; echo .")).stdout).toBe(".\n");
      expect((await run('while read -r line; do echo "<$line>"; done', { stdin: "a\nb\n" })).stdout).toBe("<a>\n<b>\n");
    });

    it("C3 folder and variables stay in their session and are in no other", async () => {
      const here = runner(box, "thread-here");
      const there = runner(box, "thread-there");
      await here("mkdir -p /workspace/deep && cd /workspace/deep && export COLOR='dark blue'");
      expect((await here('pwd; echo "$COLOR"')).stdout).toBe("/workspace/deep\ndark blue\n");
      expect((await there('pwd; echo "[$COLOR]"')).stdout).toBe("/workspace\n[]\n");
    });

    it("C3 a folder and variables of one call are gone with the next", async () => {
      const only = runner(box, "thread-only");
      expect((await only("pwd; echo $ONCE", { cwd: "/tmp", env: { ONCE: "now and 'then'" } })).stdout).toBe(
        "/tmp\nnow and 'then'\n",
      );
      expect((await only('pwd; echo "[$ONCE]"')).stdout).toBe("/workspace\n[]\n");
    });

    it("C3 a heredoc keeps its lines", async () => {
      expect((await run("cat <<'END'\n  indented $HOME\n\n'quoted' \"twice\"\nEND\necho after")).stdout).toBe(
        "  indented $HOME\n\n'quoted' \"twice\"\nafter\n",
      );
    });

    it("C3 characters of many bytes arrive whole", async () => {
      const heard: string[] = [];
      const onOutput = (_: string, part: string) => heard.push(part);
      const { stdout } = await run("for i in $(seq 1 3000); do printf '日本🙂é'; done", { onOutput });
      expect(stdout).toBe("日本🙂é".repeat(3000));
      expect(heard.join("").endsWith("日本🙂é".repeat(3000))).toBe(true);
      expect(heard.every((part) => part.isWellFormed() && !part.includes("\ufffd"))).toBe(true);
    });

    if (machine)
      it("C3 output comes before the end", async () => {
        const onOutput = (_: string, part: string) => {
          // It ends only because its first line was heard while it ran.
          if (part.includes("first")) void box.write("/workspace/go", bytes(""));
        };
        const { stdout } = await run("echo first; until [ -e /workspace/go ]; do sleep 0.05; done; echo last", {
          onOutput,
        });
        expect(stdout).toBe("first\nlast\n");
      });
    else
      it("C12 output comes when the command is over, after the line that says what this is", async () => {
        const heard: [string, string][] = [];
        await run("echo one; echo two >&2", { onOutput: (stream, part) => void heard.push([stream, part]) });
        expect(heard).toEqual([["stdout", `${banner}\n`], ["stdout", "one\n"], ["stderr", "two\n"]]); // oxfmt-ignore
      });

    it("C3 a command that takes too long is ended, and the limit is named", async () => {
      const late = await run("echo before; sleep 60; echo after", { timeoutMs: 1_000 });
      expect(late.exitCode).toBe(124);
      expect(late.limits.join()).toContain("ended after 1 s");
      // just-bash forgets it, and that is said.
      if (machine) expect(late.stdout).toBe("before\n");
      else expect(late.limits.join()).toContain("its output up to then is lost");
      expect(late.wallMs).toBeLessThan(15_000);
      expect((await run("echo next")).stdout).toBe("next\n");
    });

    it("C3 a loop without end is ended, and the limit is named", async () => {
      const spun = await run("while true; do :; done", { timeoutMs: 1_500 });
      expect(spun.exitCode).not.toBe(0);
      expect(spun.limits.join()).toMatch(/^ended/);
      expect((await run("echo next")).stdout).toBe("next\n");
    });

    it("C3 a command that is stopped says that it was interrupted", async () => {
      const stop = new AbortController();
      const running = run("echo begun; sleep 60", { signal: stop.signal, onOutput: () => stop.abort() });
      await expect(running).rejects.toEqual(withCode("tool.interrupted"));
      expect((await run("echo next")).stdout).toBe("next\n");
    });

    it("C3 of 20 MB of output the first and the last is given, and the cap is named", async () => {
      const flood = "echo begin; x=$(printf 'x%.0s' {1..1000}); for i in $(seq 1 20000); do echo $x; done; echo end";
      const { stdout, limits: named } = await run(flood);
      expect(stdout.length).toBeGreaterThan(limits.computer.maxOutputChars - 1000);
      expect(stdout.length).toBeLessThan(limits.computer.maxOutputChars + 1000);
      expect(stdout.startsWith("begin\nxxx")).toBe(true);
      expect(named.join()).toContain("stdout was cut");
      if (machine) expect(stdout.endsWith("x\nend\n")).toBe(true);
      expect((await run("echo next")).stdout).toBe("next\n");
    });

    if (machine)
      it("C3 a process in the background goes on from call to call, is read and is killed", async () => {
        const begun = await box.start({
          command: "for i in 1 2 3; do echo line $i; done; echo oops >&2; sleep 300",
          session: "thread-1",
        });
        const logs = await until(() => box.logs(begun.id), ({ stdout, stderr }) => stdout.includes("line 3") && stderr !== ""); // oxfmt-ignore
        expect(logs).toEqual({ stdout: "line 1\nline 2\nline 3\n", stderr: "oops\n" });
        const mine = async () => (await box.processes()).find(({ id }) => id === begun.id);
        expect(await mine()).toMatchObject({ state: "running", exitCode: null });
        expect((await run("echo meanwhile")).stdout).toBe("meanwhile\n");
        await box.kill(begun.id);
        expect(await until(mine, (seen) => seen?.state !== "running")).toMatchObject({ state: "ended" });
        const short = await box.start({ command: "echo done; exit 3", session: "thread-1" });
        const ended = await until(async () => (await box.processes()).find(({ id }) => id === short.id), (seen) => seen?.state === "ended"); // oxfmt-ignore
        expect(ended?.exitCode).toBe(3);
      });
    else
      it("C12 a process in the background is refused by name", async () => {
        await expect(box.start({ command: "sleep 1", session: "thread-1" })).rejects.toEqual(unsupported);
        expect(await box.processes()).toEqual([]);
      });

    if (machine) {
      it("C2 commands of two threads run side by side in one box", async () => {
        const [one, two] = [runner(box, "thread-left"), runner(box, "thread-right")];
        // Each ends only because the other one runs meanwhile.
        const both = await Promise.all([
          one("until [ -e /workspace/right ]; do sleep 0.05; done; touch /workspace/left; echo one"),
          two("touch /workspace/right; until [ -e /workspace/left ]; do sleep 0.05; done; echo two"),
        ]);
        expect(both.map(({ stdout }) => stdout)).toEqual(["one\n", "two\n"]);
      });

      it("C7 more background processes than there may be are refused, with the number and what to do", async () => {
        const busy = bench.box(user, "busy");
        const { maxProcesses } = limits.computer;
        const begun: string[] = [];
        const start = async () => begun.push((await busy.start({ command: "sleep 300", session: "thread-1" })).id);
        for (let n = 0; n < maxProcesses; n += 1) await start();
        await expect(start()).rejects.toMatchObject({
          code: "limit.queue",
          message: expect.stringMatching(new RegExp(`${maxProcesses} is the limit. End one first`)),
        });
        await busy.kill(begun[0] ?? "");
        await until(() => busy.processes(), (all) => all.some(({ state }) => state === "ended")); // oxfmt-ignore
        await start();
        await busy.destroy();
      });
    }

    it.each(["p-000000", "nothing", "", "../1", "1; echo"])("C3 there is no process %j", async (id) => {
      await expect(box.logs(id)).rejects.toEqual(withCode("computer.not_found"));
      await expect(box.kill(id)).rejects.toEqual(withCode("computer.not_found"));
    });

    it("C4 files go both ways, bytes and names as they are", async () => {
      const all = new Uint8Array(256).map((_, byte) => byte);
      await box.write("/workspace/a b/é 'x'.bin", all);
      expect(await box.read("/workspace/a b/é 'x'.bin")).toEqual(all);
      expect((await run("wc -c < \"/workspace/a b/é 'x'.bin\"")).stdout.trim()).toBe("256");
      await run("mkdir -p /home/box/made && printf 'from the box' > /home/box/made/note.txt");
      expect(text(await box.read("/home/box/made/note.txt"))).toBe("from the box");
      await box.write("/home/box/made/note.txt", bytes("again"));
      expect((await run("cat /home/box/made/note.txt")).stdout).toBe("again");
      expect(await box.read("/workspace/none")).toBeNull();
      await box.write("/workspace/empty", new Uint8Array());
      expect(await box.read("/workspace/empty")).toEqual(new Uint8Array());
    });

    it("C4 a folder is listed with sizes and times, and removed", async () => {
      const before = Date.now() - 60_000;
      await run("mkdir -p /workspace/list/in && echo 12345 > /workspace/list/a && echo 1 > /workspace/list/in/b");
      const listed = (await box.list("/workspace/list")).toSorted((a, b) => (a.path < b.path ? -1 : 1));
      expect(listed.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
        ["/workspace/list/a", 6],
        ["/workspace/list/in/b", 2],
      ]);
      expect(listed.every(({ changedAt }) => changedAt > before && changedAt < Date.now() + 60_000)).toBe(true);
      await box.remove("/workspace/list/a");
      expect((await box.list("/workspace/list")).map(({ path }) => path)).toEqual(["/workspace/list/in/b"]);
      await box.remove("/workspace/list");
      expect(await box.list("/workspace/list")).toEqual([]);
      // What is not there is removed already.
      await box.remove("/workspace/list");
    });

    it.each(["relative.txt", "", "/workspace/../etc/passwd", "/workspace/a\0b", "../x"])(
      "D2 the path %j is refused",
      async (path) => {
        await expect(box.read(path)).rejects.toEqual(withCode("path.invalid"));
        await expect(box.write(path, bytes("x"))).rejects.toEqual(withCode("path.invalid"));
        await expect(box.remove(path)).rejects.toEqual(withCode("path.invalid"));
        await expect(box.list(path)).rejects.toEqual(withCode("path.invalid"));
      },
    );

    if (machine)
      it("C4 a watch tells of changes, renames and removals", async () => {
        await run("mkdir -p /workspace/watched/in");
        const seen: BoxChange[] = [];
        const stop = new AbortController();
        const { ended } = await box.watch("/workspace/watched", (changes) => void seen.push(...changes), stop.signal);
        const told = (path: string, what: BoxChange["kind"]) =>
          until(async () => seen, (all) => all.some((change) => change.path === path && change.kind === what)); // oxfmt-ignore
        await run("echo 1 > /workspace/watched/a; echo 1 > /workspace/watched/in/b");
        await told("/workspace/watched/a", "changed");
        await told("/workspace/watched/in/b", "changed");
        await run("mv /workspace/watched/a /workspace/watched/c");
        await told("/workspace/watched/a", "removed");
        await told("/workspace/watched/c", "changed");
        await run("rm /workspace/watched/c");
        await told("/workspace/watched/c", "removed");
        stop.abort();
        await ended.catch(() => undefined);
      });
    else
      it("C12 watching is refused by name", async () => {
        await expect(box.watch("/workspace", () => undefined, new AbortController().signal)).rejects.toEqual(
          unsupported,
        );
      });

    if (machine)
      it("C5 a server on a port answers", async () => {
        const server = "require('http').createServer((_, answer) => answer.end('hi')).listen(8123, '127.0.0.1')";
        const { id } = await box.start({ command: `exec "$(command -v node || echo /opt/deckhand/node)" -e "${server}"`, session: "thread-1" }); // oxfmt-ignore
        expect(await box.listening(8123, 20_000)).toBe(true);
        expect(await box.listening(8124, 100)).toBe(false);
        await box.kill(id);
      });
    else
      it("C12 ports and the network are refused by name", async () => {
        await expect(box.listening(8123, 100)).rejects.toEqual(unsupported);
        await expect(box.allow(["example.com"])).rejects.toEqual(unsupported);
      });

    it("C7 a list of no hosts can always be had", async () => {
      await box.allow([]);
      expect((await run("echo on")).stdout).toBe("on\n");
    });

    it("C10 a snapshot is what it was restored to, also in a box that is new", async () => {
      const kept = bench.box(user, "kept");
      const inside = runner(kept, "thread-1");
      await inside("mkdir -p /workspace/p && echo one > /workspace/p/file && echo home > /home/box/file");
      const saved = await kept.snapshot("before");
      expect(saved.sizeBytes).toBeGreaterThan(0);
      await inside("echo two > /workspace/p/file; rm /home/box/file; echo new > /workspace/new");
      await kept.restore(saved.id);
      expect((await inside("cat /workspace/p/file /home/box/file; ls /workspace")).stdout).toBe("one\nhome\np\n");
      await expect(kept.restore("00000000-0000-4000-8000-000000000000")).rejects.toEqual(
        withCode("computer.not_found"),
      );
      await kept.destroy();
      const copy = bench.box(user, "copy");
      await copy.restore(saved.id);
      expect((await runner(copy, "thread-1")("cat /workspace/p/file /home/box/file")).stdout).toBe("one\nhome\n");
      await copy.destroy();
    });

    it("C9 what was destroyed is gone, and the first call after it works", async () => {
      const gone = bench.box(user, "gone");
      const inside = runner(gone, "thread-1");
      await inside("echo here > /workspace/file; cd /tmp; export LEFT=1");
      await gone.destroy();
      expect(await inside('pwd; echo "[$LEFT]"; ls /workspace')).toMatchObject({
        exitCode: 0,
        stdout: "/workspace\n[]\n",
      });
      await gone.destroy();
    });

    it("D2 another person's box of the same name is another box", async () => {
      await run("echo mine > /workspace/mine");
      const other = bench.box("slack:T1:U2", "main");
      expect(await other.read("/workspace/mine")).toBeNull();
      expect((await runner(other, "thread-1")("ls /workspace")).stdout).not.toContain("mine");
      await other.destroy();
    });

    describe("bombs", () => {
      let bombed: Box;
      let inside: Run;
      const still = async () => {
        const works = async () => (await inside("echo still").catch(() => null))?.stdout ?? "";
        expect(await until(works, (stdout) => stdout !== "")).toBe("still\n");
      };
      beforeAll(() => {
        bombed = bench.box(user, "bombed");
        inside = runner(bombed, "thread-1");
      });
      afterAll(() => bombed?.destroy());

      it("C11 forks without end are ended", async () => {
        const ended = await inside("bomb() { bomb | bomb & }; bomb; wait; bomb() { bomb | bomb; }; bomb", { timeoutMs: 3_000 }).catch((thrown: unknown) => thrown); // oxfmt-ignore
        expect(named(ended)).toMatch(/ended|killed|limit|interrupted/);
        await still();
      });

      it("C11 memory without end is ended, and the limit is named", async () => {
        const command = machine ? "tail /dev/zero" : "x=aaaa; while true; do x=$x$x; done";
        const ended = await inside(command).catch((thrown: unknown) => thrown);
        expect(named(ended)).toMatch(/memory/);
        await still();
      });

      it("C11 a disk that is filled is named", async () => {
        const fill = machine
          ? "for i in $(seq 1 8); do fallocate -l 1G /workspace/fill$i || exit 1; sleep 0.5; done; sleep 30"
          : "x=$(printf 'x%.0s' {1..1000}); for i in $(seq 1 20); do y=$y$x; done; for i in $(seq 1 2000); do echo $y >> /workspace/fill; done";
        const ended = await inside(fill).catch((thrown: unknown) => thrown);
        expect(named(ended)).toMatch(/disk|space|too large/i);
        await still();
        await inside("rm -f /workspace/fill*");
      });
    });

    it("C10 a Worker that is started again finds the box as it was", async () => {
      const again = runner(box, "thread-again");
      await again("cd /home/box && export STAYS=yes && echo kept > /workspace/kept");
      const process = machine ? await box.start({ command: "sleep 300", session: "thread-again" }) : null;
      await bench.restart();
      expect((await again("pwd; echo $STAYS; cat /workspace/kept")).stdout).toBe("/home/box\nyes\nkept\n");
      if (!process) return;
      expect((await box.processes()).find(({ id }) => id === process.id)?.state).toBe("running");
      await box.kill(process.id);
    });
  });
}

/** What a result or an error says of its end. */
function named(ended: unknown): string {
  const { limits: said = [], stderr = "", message = "" } = ended as Partial<ExecResult & Error>;
  return [...said, stderr, message].join("\n");
}
