import { request, type IncomingHttpHeaders } from "node:http";
import { connect as dial } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { jailForTests } from "../jail/jail.ts";

/* C4 a server in the jail, reached through its link: what passes, what does not, and what nobody reaches. */

const general = "C0GENERAL";
const waitMs = 90_000;
const port = 8080;

/** Says what it was asked, streams, sets cookies, and says each WebSocket message again. */
const program = String.raw`
import http from "node:http";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
const held = [];
const routes = {
  "/stream": (asked, answer) => { answer.write("one\n"); held.push(answer); },
  "/go": (asked, answer) => { for (const one of held.splice(0)) one.end("two\n"); answer.end("gone"); },
  "/cookies": (asked, answer) => {
    answer.setHeader("set-cookie", ["a=1; Domain=.localhost; Path=/", "b=2; HttpOnly"]);
    answer.end("set");
  },
  "/away": (asked, answer) => { answer.writeHead(302, { location: "http://" + asked.headers.host + "/there" }); answer.end(); },
  "/zip": (asked, answer) => { answer.setHeader("content-encoding", "gzip"); answer.end(gzipSync("zipped well")); },
  "/same": (asked, answer) => { answer.statusCode = 304; answer.end(); },
};
const server = http.createServer((asked, answer) => {
  const route = routes[asked.url];
  if (route) return route(asked, answer);
  const hash = createHash("sha256");
  let size = 0;
  asked.on("data", (part) => { hash.update(part); size += part.length; });
  asked.on("end", () => answer.end(JSON.stringify({ method: asked.method, url: asked.url, headers: asked.headers, size, hash: hash.digest("hex") })));
});
server.on("upgrade", (asked, socket) => {
  const accept = createHash("sha1").update(asked.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-protocol: echo\r\nsec-websocket-accept: " + accept + "\r\n\r\n");
  socket.on("error", () => socket.destroy());
  socket.on("data", (frame) => {
    const kind = frame[0] & 15, length = frame[1] & 127, mask = frame.subarray(2, 6);
    const said = Buffer.from(frame.subarray(6, 6 + length)).map((byte, at) => byte ^ mask[at & 3]);
    socket.write(Buffer.concat([Buffer.from([0x80 | kind, said.length]), said]));
    if (kind === 8) socket.end();
  });
});
server.listen(${port}, "127.0.0.1", () => console.log("serving"));
`;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

describe.skipIf((await jailForTests()) === null)("C4 previews of servers in the jail", () => {
  let deckhand: Deckhand;
  let ts = "";
  let host = "";
  beforeAll(async () => {
    deckhand = await Deckhand.start({ computer: "jail" });
    await run(`mkdir -p /workspace/srv && cat > /workspace/srv/server.mjs <<'END'\n${program}\nEND`);
    await serve();
    await say(`expose port ${port}`);
    const card = await reply((message) => shownButtons(message).some((one) => one.actionId === "deckhand:approve"));
    await deckhand.slack.press("U0ADA", card, "deckhand:approve");
    const opened = shownText(await reply(has(`Port ${port} is open:`)));
    host = new URL(/http:\/\/8080-main-\S*/.exec(opened)?.[0] ?? "http://none").host;
  }, 240_000);
  afterAll(() => deckhand?.close());

  const has = (text: string | RegExp) => (message: PageMessage) => new RegExp(text).test(shownText(message));
  const reply = (fits: (message: PageMessage) => boolean) => deckhand.slack.waitForReply(general, ts, fits, waitMs);
  async function say(words: string): Promise<void> {
    const said = await deckhand.slack.say("U0ADA", general, `@Deckhand ${words}`, ts === "" ? {} : { threadTs: ts });
    ts ||= said;
  }
  let runs = 0;
  async function run(command: string): Promise<void> {
    runs += 1;
    await say(`run \`${command}\necho run-$((${runs}+0))-over\``);
    await reply(has(`\nrun-${runs}-over`));
  }
  /** In the background; it is there when it answers itself. */
  async function serve(): Promise<void> {
    await say("run `exec node /workspace/srv/server.mjs` in the background");
    await run(`until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.1; done`);
  }

  interface Asked {
    host?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: Buffer;
    onData?: (text: string) => void;
  }
  /** A browser finds any name below localhost on this machine; this says the name by hand. */
  const ask = (path: string, asked: Asked = {}) =>
    new Promise<Answer>((done, fail) => {
      const { port: workerPort } = new URL(deckhand.workerUrl);
      const { method = "GET", headers = {} } = asked;
      const to = {
        host: "127.0.0.1",
        port: workerPort,
        path,
        method,
        headers: { ...headers, host: asked.host ?? host },
      };
      const sent = request(to, (answer) => {
        const parts: Buffer[] = [];
        const zipped = answer.headers["content-encoding"] === "gzip";
        const text = () => (zipped ? gunzipSync(Buffer.concat(parts)) : Buffer.concat(parts)).toString();
        answer.on("data", (part: Buffer) => {
          parts.push(part);
          asked.onData?.(part.toString());
        });
        answer.once("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text: text() }));
        answer.once("error", fail);
      });
      sent.once("error", fail).end(asked.body);
    });
  const seen = ({ text }: Answer) =>
    JSON.parse(text) as { method: string; url: string; headers: Record<string, string>; size: number; hash: string };

  /** Opens a WebSocket through the link; the status when it is refused. */
  const connect = (as = host) =>
    new Promise<WebSocket | number>((done, fail) => {
      const socket = new WebSocket(`${deckhand.workerUrl.replace("http", "ws")}/chat`, ["echo"], {
        headers: { host: as },
      });
      socket.once("open", () => done(socket));
      socket.once("unexpected-response", (_, response) => done(response.statusCode ?? 0));
      socket.on("error", fail);
    });

  test("C4 a request arrives as it was sent, without what tells of who looks or opens the door", async () => {
    const headers = { "x-deckhand-preview": "9999 x", "cf-connecting-ip": "1.2.3.4", cookie: "own=1", accept: "a/b" };
    const got = seen(await ask("/a/b?c=1&d=%20", { headers }));
    expect(got).toMatchObject({ method: "GET", url: "/a/b?c=1&d=%20" });
    expect(got.headers).toMatchObject({
      host: `localhost:${port}`,
      "x-forwarded-host": host,
      cookie: "own=1",
      accept: "a/b",
    });
    const names = Object.keys(got.headers).join(" ");
    expect(names).not.toMatch(/x-deckhand|cf-connecting|x-sandbox/);
    expect(JSON.stringify(got.headers)).not.toContain("9999");
  });

  test("C4 a body of a megabyte arrives whole", async () => {
    const body = Buffer.alloc(1024 * 1024, "bread ");
    const got = seen(await ask("/post", { method: "POST", body }));
    expect(got).toMatchObject({ method: "POST", size: body.length });
    expect(got.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await ask("/x", { method: "HEAD" })).text).toBe("");
  });

  test("C4 an answer streams: its first line is there while the server still holds the second", async () => {
    const first = Promise.withResolvers<string>();
    const whole = ask("/stream", { onData: first.resolve });
    expect(await first.promise).toBe("one\n");
    expect((await ask("/go")).text).toBe("gone");
    expect((await whole).text).toBe("one\ntwo\n");
  });

  test("C4 cookies stay on the preview's own host, a way to itself stays with it, and nobody indexes it", async () => {
    const { headers } = await ask("/cookies");
    expect(headers["set-cookie"]).toEqual(["a=1; Path=/", "b=2; HttpOnly"]);
    expect(headers).toMatchObject({ "referrer-policy": "no-referrer", "x-robots-tag": "noindex" });
    const away = await ask("/away");
    expect([away.status, away.headers.location]).toEqual([302, "/there"]);

    expect((await ask("/zip", { headers: { "accept-encoding": "gzip" } })).text).toBe("zipped well");
    expect((await ask("/same")).status).toBe(304);
  });

  test("C4 a WebSocket passes both ways, text and bytes, with its protocol", async () => {
    const socket = await connect();
    if (typeof socket === "number") throw new Error(`refused with ${socket}`);
    const next = () =>
      new Promise((done) => socket.once("message", (data: Buffer, binary) => done([data.toString(), binary])));
    expect(socket.protocol).toBe("echo");
    const text = next();
    socket.send("hello");
    expect(await text).toEqual(["hello", false]);
    const bytes = next();
    socket.send(Buffer.from("bytes"));
    expect(await bytes).toEqual(["bytes", true]);
    const closed = new Promise((done) => socket.once("close", done));
    socket.close(1000);
    await closed;
  });

  test("C4 none of the Worker's own routes is served on a preview's host, open or not", async () => {
    for (const path of ["/health", "/sites/x/", "/local/terminal/main", "/slack/install"])
      expect(seen(await ask(path)).url).toBe(path);
    expect(seen(await ask("/slack/events", { method: "POST" })).method).toBe("POST");
    const { port: workerPort } = new URL(deckhand.workerUrl);
    for (const path of ["/health", "/slack/events"])
      expect((await ask(path, { host: `anything.localhost:${workerPort}` })).status).toBe(404);
    // And by its own name the Worker is what it is.
    expect((await fetch(`${deckhand.workerUrl}/health`)).status).toBe(200);
  });

  /** The request line and hosts as they are, byte for byte. */
  async function raw(target: string, ...hosts: string[]): Promise<string> {
    const socket = dial(Number(new URL(deckhand.workerUrl).port), "127.0.0.1");
    const lines = [`GET ${target} HTTP/1.1`, ...hosts.map((one) => `Host: ${one}`), "Connection: close"];
    socket.end(`${lines.join("\r\n")}\r\n\r\n`);
    return textOf(socket);
  }

  test("C4 however the name of the link is written, it is the box's or nobody's, and never the Worker's", async () => {
    const [label = "", end = ""] = host.split(".");
    const own = end.slice("localhost".length);
    // The Worker's own answer to this tells what it is made of.
    const workers = /"commit"|"model"|"features"|"computer"/;
    expect((await fetch(`${deckhand.workerUrl}/health`).then((answer) => answer.text())).match(workers)).not.toBeNull();
    const forms = [
      `${label}.localhost.${own}`,
      `${label}.localhost..${own}`,
      `${label.toUpperCase()}.LOCALHOST${own}`,
      `${label}.LocalHost.`,
      `${label}.localhos%74${own}`,
      `${label}.localhost%2e${own}`,
      `${label}.localhost:1`,
      `${label}..localhost${own}`,
      `x.${label}.localhost.${own}`,
      `${label}.example.com${own}`,
      label,
      `x@${label}.localhost.${own}`,
    ];
    for (const form of forms) {
      const answer = await raw("/health", form);
      expect(answer, form).not.toMatch(workers);
    }
    for (const form of [`${label}.localhost.${own}`, `${label}.example.com${own}`]) {
      expect(await raw(`http://${form}/health`, form), form).not.toMatch(workers);
      expect(await raw("/health", form, new URL(deckhand.workerUrl).host), form).not.toMatch(workers);
    }
    // With the dot of DNS at its end it is the same link.
    expect(await raw("/dotted", `${label}.localhost.${own}`)).toContain('"url":"/dotted"');
  });

  /** Hosts that differ from the link in one part each. */
  const wrong = () => ({
    secret: host.replace(/(.)(?=\.localhost)/, (letter) => (letter === "a" ? "b" : "a")),
    port: host.replace("8080-", "8081-"),
    box: host.replace(/(?<=-main-)(.)/, (letter) => (letter === "a" ? "b" : "a")),
    shape: host.replace("8080-main-", "8080-"),
  });
  const bare = ({ status, text, headers: { date: _, connection: __, "keep-alive": ___, ...headers } }: Answer) => ({
    status,
    text,
    headers,
  });

  test("C4 a wrong secret, another port, an unknown box and no label at all get one and the same answer", async () => {
    const { shape, ...others } = wrong();
    const nothing = bare(await ask("/", { host: shape }));
    expect(nothing).toMatchObject({ status: 404, text: "There is nothing here.\n" });
    for (const one of Object.values(others)) {
      expect(bare(await ask("/", { host: one })), one).toEqual(nothing);
      expect(await connect(one)).toBe(404);
    }
  });

  test("C4 a box that sleeps says so to who has the link, is not woken by it, and goes on when it is", async () => {
    // Everything of the box is ended from within, while nobody uses it: it is down then as after ten quiet minutes.
    await say("run `sleep 1; kill -9 -1` in the background");
    await expect.poll(async () => (await ask("/")).status, { timeout: waitMs, interval: 200 }).toBe(503);
    expect((await ask("/")).text).toContain("sleeps");
    expect(await connect()).toBe(503);
    expect((await ask("/", { host: wrong().secret })).text).toBe("There is nothing here.\n");
    await run("true");
    const silent = await ask("/");
    expect([silent.status, silent.text]).toEqual([502, `Nothing answers on port ${port} yet.\n`]);
    await serve();
    expect(seen(await ask("/back")).url).toBe("/back");
  }, 240_000);

  test("C4 a link that was taken back opens nothing any more, and answers like one that never was", async () => {
    const nothing = bare(await ask("/", { host: wrong().secret }));
    await say(`close port ${port}`);
    await reply(has(`Port ${port} is closed`));
    expect(bare(await ask("/"))).toEqual(nothing);
    expect(await connect()).toBe(404);
  }, 120_000);
});
