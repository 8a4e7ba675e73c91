import { runInDurableObject } from "cloudflare:test";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { describe, expect, it } from "vitest";
import type { KernelEnv } from "../../kernel/env.ts";
import { UserId } from "../../kernel/ids.ts";
import { limits } from "../../kernel/limits.ts";
import { boxLabel } from "../../kernel/sandbox/computer/decide.ts";
import { ComputerStore } from "../../kernel/sandbox/computer/store.ts";
import { BoxName, type ComputerKind, type Computers } from "../../kernel/sandbox/computer/types.ts";
import { toolByName } from "../../kernel/tools/index.ts";
import type { Json, ToolContext } from "../../kernel/tools/types.ts";
import { ComputerRoom } from "../../kernel/user/computers.ts";
import { bindings, codeOf, thread, turn } from "./desk.ts";

const name = (text: string) => BoxName.parse(text);
const person = (text: string) => UserId.parse(`slack:T1:U-computer-${text}`);

interface AtComputers {
  computers: Computers;
  store: ComputerStore;
  run: (tool: string, input: unknown, pinned?: Json) => Promise<{ output: Record<string, Json>; detail: string }>;
  prepare: (tool: string, input: unknown) => Promise<{ body: string; pinned: Json }>;
}

/** A person's computers as their Kernel has them, of the simulated kind, over its real tables and isolates. */
function atComputers<T>(
  user: UserId,
  work: (at: AtComputers) => Promise<T>,
  kind: ComputerKind = "simulated",
): Promise<T> {
  return runInDurableObject(bindings.KERNEL.getByName(user), (_kernel, { storage }) => {
    const db = drizzle(storage);
    const box = {
      state: async () => ({ ok: true, value: "running" }),
      listening: async (_owner: string, port: number) => ({ ok: true, value: port !== 9001 }),
    };
    const SANDBOX = { getByName: () => box };
    const env = { ...bindings, SANDBOX, COMPUTER: kind, COMPUTER_REASON: "A test." } as unknown as KernelEnv;
    const computers = new ComputerRoom({ env, storage, db, user, hosts: () => [] }).forCall({ thread, turn }, () =>
      Promise.reject(new Error("nothing is called here")),
    );
    const ctx = { computers, thread, turn, user, signal: new AbortController().signal, progress: () => {} };
    const tool = (wanted: string) => {
      const found = toolByName(wanted);
      if (!found) throw new Error(`no tool ${wanted}`);
      return found;
    };
    return work({
      computers,
      store: new ComputerStore(db),
      async run(wanted, input, pinned = null) {
        const found = tool(wanted);
        const result = await found.run(found.input.parse(input), ctx as unknown as ToolContext, pinned);
        return { ...result, output: result.output as Record<string, Json> };
      },
      async prepare(wanted, input) {
        const found = tool(wanted);
        const prepared = await found.prepare?.(found.input.parse(input), ctx as unknown as ToolContext);
        if (!prepared) throw new Error(`${wanted} asks nobody`);
        return prepared;
      },
    });
  });
}
const bash = { why: "a test" };

describe("a person's computers", () => {
  it("C2 a command's result says what ran it, how it ended and what it wrote; the card names tier and box", async () => {
    await atComputers(person("bash"), async ({ run }) => {
      const { output, detail } = await run("computer_bash", { ...bash, command: "echo out; echo err >&2; exit 3" });
      expect(Object.keys(output)[0]).toBe("computer");
      expect(output).toMatchObject({
        computer: expect.stringContaining("SIMULATED SHELL"),
        exit_code: 3,
        stdout: expect.stringContaining("out\n"),
        stderr: expect.stringContaining("err\n"),
        limits: [],
      });
      expect(detail).toMatch(/^computer main \(simulated\): exit 3 · /);
    });
  });

  it("C4 the sixth computer is refused, and one that is destroyed makes room", async () => {
    await atComputers(person("six"), async ({ computers }) => {
      for (let n = 0; n < limits.computer.maxBoxes; n += 1) await computers.box(name(`box${n}`));
      expect(await codeOf(() => computers.box(name("more")))).toBe("limit.queue");
      await computers.box(name("box3"));
      await computers.destroy(name("box3"));
      await computers.box(name("more"));
      expect((await computers.list()).map((one) => one.name)).toEqual(["box0", "box1", "box2", "box4", "more"]);
    });
  });

  it("C4 what was approved for one computer does not run on another of its name", async () => {
    await atComputers(person("other"), async ({ computers, run, prepare }) => {
      await computers.box(name("main"));
      const { pinned, body } = await prepare("computer_destroy", {});
      expect(body).toContain("There is no snapshot of it");
      await computers.destroy(name("main"));
      // A computer made in the same millisecond would be taken for the same one.
      await expect.poll(() => Date.now()).toBeGreaterThan((pinned as { createdAt: number }).createdAt);
      await computers.box(name("main"));
      expect(await codeOf(() => run("computer_destroy", {}, pinned))).toBe("approval.changed");
      expect((await computers.list()).length).toBe(1);
    });
  });

  it("F14 what a card promised to keep must still be there: else nothing is destroyed", async () => {
    await atComputers(person("kept"), async ({ computers, run, prepare }) => {
      await run("computer_bash", { ...bash, command: "echo x > /workspace/file" });
      await run("computer_snapshot", { label: "good" });
      const { pinned, body } = await prepare("computer_destroy", {});
      expect(body).toContain("1 snapshot of it can still be restored");
      for (let n = 0; n < limits.computer.maxSnapshots; n += 1) await computers.snapshot(name("main"), `later ${n}`);
      expect(await codeOf(() => run("computer_destroy", {}, pinned))).toBe("approval.changed");
      expect((await computers.list()).length).toBe(1);
      const again = await prepare("computer_destroy", {});
      await run("computer_destroy", {}, again.pinned);
    });
  });

  it("F14 a port that was opened since its card takes no link away that the card did not name", async () => {
    const aJail = async ({ store, prepare, run }: AtComputers) => {
      const now = Date.now();
      const box = await boxLabel(person("reopened"), name("main"));
      store.add({ name: name("main"), box, createdAt: now, usedAt: now });
      const { pinned } = await prepare("computer_expose_port", { port: 8080 });
      const open = (expiresAt: number) =>
        store.openPort({ name: name("main"), port: 8080, secretHash: "a".repeat(64), expiresAt });
      open(now + 60_000);
      expect(await codeOf(() => run("computer_expose_port", { port: 8080 }, pinned))).toBe("approval.changed");
      const named = await prepare("computer_expose_port", { port: 8080 });
      expect(named.body).toContain("will open nothing any more");
      open(now + 90_000);
      expect(await codeOf(() => run("computer_expose_port", { port: 8080 }, named.pinned))).toBe("approval.changed");
    };
    await atComputers(person("reopened"), aJail, "jail");
  });

  it("C8 a snapshot brings the files back, also after the computer was destroyed; strangers' ids are refused", async () => {
    await atComputers(person("snapshot"), async ({ computers, run, prepare }) => {
      await run("computer_bash", { ...bash, command: "echo precious > /workspace/file" });
      const { output } = await run("computer_snapshot", { label: "good" });
      await computers.destroy(name("main"));
      const gone = await run("computer_bash", { ...bash, command: "cat /workspace/file" });
      expect(gone.output["exit_code"]).not.toBe(0);
      const { pinned, body } = await prepare("computer_restore", { snapshot: output["snapshot"] });
      expect(body).toContain("`good`");
      await run("computer_restore", { snapshot: output["snapshot"] }, pinned);
      const back = await run("computer_bash", { ...bash, command: "cat /workspace/file" });
      expect(back.output["stdout"]).toContain("precious");
      expect(await codeOf(() => computers.restore(name("main"), crypto.randomUUID()))).toBe("computer.not_found");
    });
    await atComputers(person("stranger"), async ({ computers, prepare }) => {
      await computers.box(name("main"));
      expect(await codeOf(() => prepare("computer_restore", { snapshot: "x" }))).toBe("computer.not_found");
    });
  });

  it("C10 a snapshot is the beginning of a new computer: under its own name after it was destroyed, and under another", async () => {
    await atComputers(person("prepared"), async ({ computers, run, prepare }) => {
      await run("computer_bash", { ...bash, command: "echo prepared > /workspace/file" });
      const { output } = await run("computer_snapshot", { label: "prepared" });
      const snapshot = output["snapshot"];
      await computers.destroy(name("main"));
      const listed = await run("computer_list", {});
      expect(listed.output).toMatchObject({
        computers: [],
        other_snapshots: [{ id: snapshot, computer: "main", label: "prepared" }],
      });
      for (const box of ["main", "copy"]) {
        const { pinned, body } = await prepare("computer_restore", { snapshot, box });
        expect(body).toContain(`There is no computer named \`${box}\``);
        await run("computer_restore", { snapshot, box }, pinned);
        const back = await run("computer_bash", { ...bash, box, command: "cat /workspace/file" });
        expect(back.output["stdout"]).toContain("prepared");
        // What was approved when there was none does not write over the one that there is now.
        expect(await codeOf(() => run("computer_restore", { snapshot, box }, pinned))).toBe("approval.changed");
      }
      for (let n = 2; n < limits.computer.maxBoxes; n += 1) await computers.box(name(`box${n}`));
      expect(await codeOf(() => prepare("computer_restore", { snapshot, box: "sixth" }))).toBe("limit.queue");
    });
  });

  it("C12 the desktop, repos, background and ports are refused by name where the shell is simulated", async () => {
    await atComputers(person("refused"), async ({ run, prepare }) => {
      const refused = async (work: Promise<unknown>, what: RegExp) => {
        const error = await work.catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          code: "computer.unsupported",
          userMessage: expect.stringMatching(/simulated shell/),
        });
        expect((error as { userMessage: string }).userMessage).toMatch(what);
      };
      await refused(run("computer_use", { do: { action: "screenshot" } }), /desktop/);
      await refused(run("repo_open", { url: "https://example.com/a.git" }), /git/);
      await refused(run("repo_diff", { repo: "a" }), /git/);
      await refused(run("computer_bash", { ...bash, command: "sleep 1", background: true }), /background processes/);
      await refused(prepare("computer_expose_port", { port: 8080 }), /ports/);
    });
  });

  it("C8 of many snapshots the newest five of a computer are kept", async () => {
    await atComputers(person("many"), async ({ computers }) => {
      await computers.box(name("main"));
      for (let n = 1; n <= limits.computer.maxSnapshots + 2; n += 1) await computers.snapshot(name("main"), `n${n}`);
      const [box] = await computers.list();
      expect(box?.snapshots.length).toBe(limits.computer.maxSnapshots);
      expect(box?.snapshots.map((one) => one.label)).not.toContain("n1");
    });
  });

  it("C6 links are not given again: the store has a hash, the list a name without the secret; an expired one is gone", async () => {
    await atComputers(person("ports"), async ({ computers, store, run, prepare }) => {
      await computers.box(name("main"));
      const now = Date.now();
      store.openPort({ name: name("main"), port: 8080, secretHash: "a".repeat(64), expiresAt: now + 60_000 });
      store.openPort({ name: name("main"), port: 8081, secretHash: "b".repeat(64), expiresAt: now - 1 });
      const [box] = await computers.list();
      expect(box?.ports.map((one) => one.port)).toEqual([8080]);
      expect(box?.ports[0]?.url).toBe("https://8080-main-….deckhand.test/");
      const { output } = await run("computer_list", {});
      expect(JSON.stringify(output)).not.toContain("aaaa");
      expect(await codeOf(() => prepare("computer_expose_port", { port: 9000 }))).toBe("computer.unsupported");
      expect(await codeOf(() => computers.expose(name("main"), 9000))).toBe("computer.unsupported");
      await computers.revoke(name("main"), 8080);
      expect((await computers.list())[0]?.ports).toEqual([]);
    });
  });

  it("C6 nobody is asked about a sixth port or one on which nothing answers; one that has run out counts no more", async () => {
    // Of the box there is only what is asked before a person is: whether something listens.
    const aJail = async ({ computers, store, prepare }: AtComputers) => {
      const now = Date.now();
      store.add({
        name: name("main"),
        box: await boxLabel(person("sixth"), name("main")),
        createdAt: now,
        usedAt: now,
      });
      const { maxPorts } = limits.computer;
      const open = (port: number, expiresAt: number) =>
        store.openPort({ name: name("main"), port, secretHash: "a".repeat(64), expiresAt });
      for (let n = 0; n < maxPorts; n += 1) open(8000 + n, now + 60_000);
      await expect(prepare("computer_expose_port", { port: 9000 })).rejects.toMatchObject({
        code: "limit.queue",
        userMessage: expect.stringContaining(`${maxPorts} is the limit`),
      });
      expect(await codeOf(() => computers.expose(name("main"), 9000))).toBe("limit.queue");
      expect((await prepare("computer_expose_port", { port: 8000 })).body).toContain("will open nothing any more");
      open(8001, now - 1);
      expect((await prepare("computer_expose_port", { port: 9000 })).body).toContain("for 8 hours");
      await expect(prepare("computer_expose_port", { port: 9001 })).rejects.toMatchObject({
        code: "computer.unavailable",
        userMessage: expect.stringContaining("Nothing answers on port 9001 of main"),
      });
      await expect(prepare("computer_expose_port", { port: 3000 })).rejects.toThrow(/3000 is taken/);
    };
    await atComputers(person("sixth"), aJail, "jail");
  });

  it("C4 a computer that nobody made is named as missing, with those that there are", async () => {
    await atComputers(person("none"), async ({ computers, run }) => {
      await computers.box(name("lab"));
      const asked = run("computer_close_port", { port: 8080, box: "nope" });
      await expect(asked).rejects.toThrow(/There are: lab/);
    });
  });
});
