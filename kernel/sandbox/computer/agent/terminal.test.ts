import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket as Socket } from "ws";
import { type OpenBox, openBox } from "./open-box.ts";
import { sizeOf } from "./terminal.ts";

let open: OpenBox;
beforeAll(async () => {
  open = await openBox();
});
afterAll(() => open[Symbol.asyncDispose]());

/** A page: what it has been shown, and what it has been told. */
async function page(query: string) {
  const socket = new Socket(`ws+unix://${join(open.run, "control.sock")}:/ws/pty?${query}`);
  let shown = "";
  const told: { type: string; code?: number; message?: string }[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) shown += data.toString();
    else told.push(JSON.parse(data.toString()) as { type: string });
  });
  await once(socket, "open");
  return {
    socket,
    told,
    type: (text: string) => socket.send(Buffer.from(text)),
    resize: (cols: number, rows: number) => socket.send(JSON.stringify({ type: "resize", cols, rows })),
    shows: (what: string | RegExp) => expect.poll(() => shown, { timeout: 9000 }).toMatch(what),
  };
}

describe("a terminal", () => {
  test("is a shell on a tty, where its session is, in the size of the page", async () => {
    await open.box.commands.execute("mkdir -p sub; cd sub; export MINE=own", "s");
    const first = await page("sessionId=s&cols=100&rows=30");
    first.type("tty; stty size; pwd; echo $MINE-$((6*7))\r");
    await first.shows(/\/dev\/pts\/\d+\r\n30 100\r\n.*\/workspace\/sub\r\nown-42\r\n/);
    expect(first.told[0]).toEqual({ type: "ready" });
    first.resize(50, 10);
    // The size is set a moment later: asked for until it is there.
    const asks = setInterval(() => first.type("stty size\r"), 100);
    await first.shows(/\r10 50\r\n/).finally(() => clearInterval(asks));
    // Control-C ends what runs in it, not the shell.
    first.type("echo begun-$((1+1)); sleep 300\r");
    await first.shows(/begun-2/);
    first.type("\x03echo still-$((1+1))\r");
    await first.shows(/still-2/);

    first.socket.close();
    await once(first.socket, "close");
    const second = await page("sessionId=s");
    await second.shows(/still-2/);
    second.type("exit 3\r");
    await expect.poll(() => second.told.at(-1), { timeout: 9000 }).toEqual({ type: "exit", code: 3 });
  });

  test("floods a slow page without growing", async () => {
    const slow = await page("sessionId=flood");
    slow.socket.pause();
    slow.type("yes | head -c 50000000; echo DONE-$((1+1))\r");
    const before = process.memoryUsage().rss;
    await expect
      .poll(async () => (await open.box.commands.execute("pgrep -fc 'head -c 50000000' || true", "x")).stdout.trim(), {
        timeout: 9000,
      })
      .not.toBe("0");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    slow.socket.terminate();
  });

  test("without a session is refused", async () => {
    const none = await page("cols=1");
    await expect.poll(() => none.told, { timeout: 9000 }).toMatchObject([{ type: "error" }]);
  });

  test("has a size that a terminal can have", () => {
    expect(sizeOf("120", 40)).toEqual({ cols: 120, rows: 40 });
    expect(sizeOf("x; reboot", -1)).toEqual({ cols: 80, rows: 24 });
    expect(sizeOf(null, 99_999)).toEqual({ cols: 80, rows: 1_000 });
  });
});
