import { describe, expect, test } from "vitest";
import { sign } from "./slack/signature.ts";
import { readTerminal } from "./terminal.ts";

const signingSecret = "of-the-local-workspace";
const now = 1_795_000_000_000;
const good = "/local/terminal/main?team=T0LOCAL&user=U0ADA&cols=80&rows=24";

async function read(
  path: string,
  more: { headers?: Record<string, string>; secret?: string; as?: string; local?: boolean } = {},
) {
  const headers = await sign(more.secret ?? signingSecret, `GET ${more.as ?? path}`, now);
  const request = new Request(`http://127.0.0.1:4748${path}`, {
    headers: { upgrade: "websocket", ...headers, ...more.headers },
  });
  return readTerminal(request, { local: more.local ?? true, signingSecret, now });
}

describe("C12 a shell is opened for the local workspace and for nobody else", () => {
  test("signed and of now: the person's own box", async () => {
    expect(await read(good)).toEqual({ user: "slack:T0LOCAL:U0ADA", box: "main", cols: 80, rows: 24 });
  });

  test.each([
    ["not on a laptop", good, { local: false }],
    ["another secret", good, { secret: "guessed" }],
    ["the signature of another person's", good.replace("U0ADA", "U0GRACE"), { as: good }],
    ["a page's request", good, { headers: { origin: "http://127.0.0.1:4748" } }],
    ["no WebSocket", good, { headers: { upgrade: "" } }],
    ["an old one", good, { headers: { "x-slack-request-timestamp": String(now / 1000 - 3600) } }],
    ["a name that is none", good.replace("main", "Main"), {}],
    ["another path", good.replace("/main", "/main/x"), {}],
    ["a size that is none", good.replace("80", "100000"), {}],
    ["nobody", good.replace("U0ADA", ""), {}],
  ])("%s is nothing", async (_what, path, more) => {
    expect(await read(path, more)).toBeNull();
  });
});
