import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Deckhand } from "../harness/deckhand.ts";
import { jailForTests } from "../jail/jail.ts";

const jail = await jailForTests();

/* C12 A shell from the page's WebSocket to the real jail. What is waited for appears; the bounds are generous. */
describe.skipIf(jail === null)("the terminal of a computer", () => {
  let deckhand: Deckhand;
  const sockets: WebSocket[] = [];

  beforeAll(async () => {
    deckhand = await Deckhand.start({ computer: "jail" });
  }, 90_000);
  afterAll(async () => {
    for (const socket of sockets) socket.terminate();
    await deckhand?.close();
  });

  function open(as: string) {
    const address = `${deckhand.url.replace("http", "ws")}/terminal?as=${as}&box=main&cols=90&rows=30`;
    const socket = new WebSocket(address, { origin: deckhand.url });
    sockets.push(socket);
    let seen = "";
    const looks = new Set<() => void>();
    socket.on("message", (data: Buffer) => {
      seen += data.toString();
      for (const look of looks) look();
    });
    const until = (text: string | RegExp) =>
      new Promise<string>((resolve) => {
        const look = () => (typeof text === "string" ? seen.includes(text) : text.test(seen)) && resolve(seen);
        looks.add(look);
        look();
      });
    return { socket, until, type: (text: string) => socket.send(Buffer.from(`${text}\r`)) };
  }

  test("C12 what is typed runs in the person's own box, a change of size reaches it, and its end is told", async () => {
    const ada = open("U0ADA");
    await ada.until('{"type":"ready"}');
    ada.type("echo sum $((6*7)); stty size; echo rye > /workspace/loaf");
    await ada.until("sum 42");
    await ada.until("30 90");
    ada.socket.send(JSON.stringify({ type: "resize", cols: 70, rows: 20 }));
    // The size comes on a way of its own, maybe after what is typed.
    ada.type('until [ "$(stty size)" = "20 70" ]; do sleep 0.1; done; echo sides $((20+70))');
    await ada.until("sides 90");

    const grace = open("U0GRACE");
    await grace.until('{"type":"ready"}');
    grace.type("cat /workspace/loaf || echo not $((1+1)) here");
    await grace.until("not 2 here");

    ada.type("exit 3");
    await ada.until(/"type":"exit","code":3/);
    await once(ada.socket, "close");
  }, 180_000);

  test("C12 the Worker's own address opens no terminal for who cannot sign", async () => {
    const address = `${deckhand.workerUrl.replace("http", "ws")}/local/terminal/main?team=T0LOCAL&user=U0ADA&cols=80&rows=24`;
    const stranger = new WebSocket(address);
    sockets.push(stranger);
    const [, response] = (await once(stranger, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(404);
    stranger.on("error", () => undefined);
  });
});
