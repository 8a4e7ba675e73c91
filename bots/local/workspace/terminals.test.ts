import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { TerminalWorker } from "../../../test/stand-ins/terminal.ts";
import { botToken, signingSecret } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
let worker: TerminalWorker;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  worker = await TerminalWorker.start(signingSecret);
  workspace = await startWorkspace({ stateFile: ":memory:", signingSecret, botToken });
  workspace.setWorker({ terminalUrl: worker.url });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await workspace.close();
  await worker.close();
});

/** A page's WebSocket. `until` resolves with all text once it has that in it. */
function open(query: string, origin = workspace.url, headers = {}) {
  const address = `${workspace.url.replace("http", "ws")}/terminal?${query}`;
  const socket = new WebSocket(address, { headers, ...(origin === "" ? {} : { origin }) });
  sockets.push(socket);
  // Ended by the test before it was open, or refused: the tests look at that themselves.
  socket.on("error", () => undefined);
  let seen = "";
  const waiting = new Set<() => void>();
  socket.on("message", (data: Buffer) => {
    seen += data.toString();
    for (const look of waiting) look();
  });
  const until = (text: string) =>
    new Promise<string>((resolve) => {
      const look = () => seen.includes(text) && resolve(seen);
      waiting.add(look);
      look();
    });
  return { socket, until };
}
const refused = async (socket: WebSocket): Promise<number> => {
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
  return response.statusCode;
};
const main = "as=U0ADA&box=main&cols=80&rows=24";

test("C12 keys go to the shell and what it writes comes back, bytes as bytes; sizes go along", async () => {
  const { socket, until } = open(main);
  await until("main$ ");
  socket.send(JSON.stringify({ type: "resize", cols: 100, rows: 30 }));
  socket.send(Buffer.from("hello\r"));
  await until("you said hello");
  expect(worker.sizes).toEqual(['{"type":"resize","cols":100,"rows":30}']);
  expect(worker.orders).toEqual([{ user: "slack:T0LOCAL:U0ADA", box: "main", cols: 80, rows: 24 }]);
});

test("C12 each person has their own computer, those of another company too", async () => {
  await open(main.replace("U0ADA", "U0CARLA")).until("main$ ");
  expect(worker.orders.map(({ user }) => user)).toEqual(["slack:T0OTHER:U0CARLA"]);
});

test("another site, a page without an origin, and a name that points here get no terminal", async () => {
  for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"])
    expect(await refused(open(main, origin).socket)).toBe(403);
  expect(await refused(open(main, "").socket)).toBe(403);
  expect(await refused(open(main, "http://evil.example", { host: "evil.example" }).socket)).toBe(403);
  expect(worker.orders).toEqual([]);
});

test("what cannot be had is said in a sentence, and the connection ends", async () => {
  const said = async (query: string) => {
    const { socket, until } = open(query);
    const text = await until("}");
    await once(socket, "close");
    return text;
  };
  for (const wrong of [main.replace("U0ADA", "U0DECK"), main.replace("main", "../x"), main.replace("80", "9999")])
    expect(await said(wrong)).toContain("no such terminal");
  worker.refuse = "Your computer cannot be opened: it is full.";
  expect(await said(main)).toContain(worker.refuse);
  workspace.setWorker({ terminalUrl: "http://127.0.0.1:9/local/terminal" });
  expect(await said(main)).toContain("could not be reached");
  workspace.setWorker({ terminalUrl: null });
  expect(await said(main)).toContain("no computer here");
});

test("when the box goes the page hears it, when the page goes the shell ends, and only so many are open at once", async () => {
  const first = open(main);
  await first.until("main$ ");
  worker.drop();
  await once(first.socket, "close");
  const all = Array.from({ length: 8 }, () => open(main));
  await Promise.all(all.map(({ until }) => until("main$ ")));
  expect(await open(main).until("}")).toContain("At most 8 terminals");
  all[0]?.socket.close();
  await expect.poll(() => open(main).until("}"), { timeout: 5_000 }).toContain("ready");
});
