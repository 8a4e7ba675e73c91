import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jailForTests } from "../jail/jail.ts";
import { type Bench, runner } from "./bench.ts";
import { startJail } from "./start.ts";

/* What programs of a box do to what serves them, seen from where the box is used. */

const withCode = (code: string) => expect.objectContaining({ code });
const text = (content: Uint8Array | null) => (content === null ? null : new TextDecoder().decode(content));
const probe = await jailForTests();

describe.skipIf(probe === null)("a box whose programs work against it", () => {
  const user = "slack:T1:U1";
  let bench: Bench;
  beforeAll(async () => {
    bench = await startJail(probe?.disableUserns ?? false);
  });
  afterAll(() => bench?.stop());

  it("C10 nothing that a program lays in the way of a snapshot is followed or breaks it, and odd names come back", async () => {
    const odd = bench.box(user, "odd");
    const inside = runner(odd, "thread-1");
    const made = await inside(`set -e; mkdir -p /workspace/p ~/.local/bin; echo precious > /workspace/p/file
      for name in .deckhand-archive.tgz .deckhand-archive-x; do ln -s /workspace/p/file ~/$name; done
      mkdir ~/.deckhand-archive; ln -s /workspace/p/file ~/.deckhand-archive/y
      for tool in tar gzip find stat head; do printf '#!/bin/sh\\nexit 0\\n' > ~/.local/bin/$tool; chmod +x ~/.local/bin/$tool; done
      cd /workspace; mkdir -- -rf "--checkpoint-action=exec=touch ran"; echo a > $'new\\nline'; echo b > 'ä "$(touch ran)" *'
      ln -s /etc/passwd out; ln -s ../../../r2 up; ln -s p dir; ln -s nowhere dangling; ln p/file hard; mkfifo pipe
      mkdir locked; echo c > locked/x; chmod 000 locked; echo made`);
    expect(made.stdout).toBe("made\n");
    const saved = await odd.snapshot("odd");
    await inside(
      "/usr/bin/rm -rf /workspace/p /workspace/out; echo other > /workspace/late; mkdir -p /workspace/shut/in; chmod 000 /workspace/shut",
    );
    await odd.restore(saved.id);
    const look = `cd /workspace; export PATH=/usr/bin:/bin; cat p/file hard dir/file $'new\\nline' ä*; readlink out up dir dangling; stat -c %F pipe; find . -name ran -o -name late -o -name shut; find ~ -maxdepth 1 -name '.deckhand*'; find . -mindepth 1 -maxdepth 1 | wc -l`;
    expect((await inside(look)).stdout).toBe(
      "precious\nprecious\nprecious\na\nb\n/etc/passwd\n../../../r2\np\nnowhere\nfifo\n12\n",
    );
    await odd.destroy();
  });

  it("C4 a box whose own server is stopped is noticed: the call that met it is told, the next one has its files", async () => {
    const stopped = bench.box(user, "stopped");
    const inside = runner(stopped, "thread-1");
    await inside("echo kept > /workspace/file");
    const stop = `for at in /proc/[0-9]*; do grep -q agent[.]mjs $at/cmdline && kill -STOP \${at#/proc/}; done; kill -STOP 1; echo over`;
    await expect(inside(stop, { timeoutMs: 90_000 })).rejects.toEqual(withCode("computer.interrupted"));
    expect((await inside("cat /workspace/file")).stdout).toBe("kept\n");
    // And one that was stopped by what went on after the command, met by a call of another kind.
    await inside(`(sleep 1; ${stop}) > /dev/null 2>&1 & echo begun`);
    const reads = async () => {
      for (;;) await stopped.read("/workspace/file");
    };
    await expect(reads()).rejects.toEqual(withCode("computer.interrupted"));
    expect(text(await stopped.read("/workspace/file"))).toBe("kept\n");
    await stopped.destroy();
  });
});
