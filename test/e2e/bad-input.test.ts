import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import { signed } from "../fixtures/slack/signed.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
let secret: string;
beforeAll(async () => {
  deckhand = await Deckhand.start();
  const keys = JSON.parse(readFileSync(join(deckhand.stateDir, "keys.json"), "utf8")) as { signingSecret: string };
  secret = keys.signingSecret;
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const minutes = (count: number): number => count * 60_000;

type Route = "events" | "actions" | "commands";
interface Sending {
  route?: Route;
  at?: number;
  secret?: string;
  contentType?: string;
}
const send = async (body: string, sending: Sending = {}): Promise<Response> => {
  const url = `${deckhand.workerUrl}/slack/${sending.route ?? "events"}`;
  const contentType = sending.contentType ?? "application/json";
  return fetch(await signed(sending.secret ?? secret, url, body, { at: sending.at ?? Date.now(), contentType }));
};
const envelope = (event: Record<string, unknown>): string =>
  JSON.stringify({
    type: "event_callback",
    team_id: "T0LOCAL",
    api_app_id: "A0DECK",
    event_id: `Ev${crypto.randomUUID()}`,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [{ team_id: "T0LOCAL", user_id: "U0DECK", is_bot: true }],
    event,
  });
const mention = (ts: string) =>
  envelope({ type: "app_mention", channel: general, user: "U0ADA", text: "<@U0DECK> echo forged", ts });
const press = (fields: Record<string, unknown>, action: Record<string, unknown>): Promise<Response> => {
  const payload = {
    type: "block_actions",
    team: { id: "T0LOCAL" },
    user: { id: "U0ADA", team_id: "T0LOCAL", username: "ada" },
    channel: { id: general },
    actions: [{ type: "button", action_ts: `${Date.now() / 1000}`, block_id: "b", ...action }],
    ...fields,
  };
  const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return send(form, { route: "actions", contentType: "application/x-www-form-urlencoded" });
};
/** A root that nobody in the workspace wrote: a message in it that were taken would leave a trace. */
let roots = 0;
const strangeRoot = (): string => `1600000000.00${String(1000 + roots++)}`;
const nothingCame = async (ts: string): Promise<void> => {
  // What is sent after it in the same channel is handled after it.
  const later = await deckhand.slack.say("U0ADA", general, "@Deckhand echo later");
  await deckhand.slack.waitForReply(general, later, has("later"));
  expect(await deckhand.trace(general, ts)).toContain("nothing has happened here yet");
};

describe("what is not signed by Slack now is refused with 401 and reaches nothing", () => {
  test.each([
    ["a wrong secret", () => ({ secret: "another-signing-secret" })],
    ["a stamp six minutes old", () => ({ at: Date.now() - minutes(6) })],
    ["a stamp six minutes ahead", () => ({ at: Date.now() + minutes(6) })],
  ])("%s", async (_name, sending) => {
    const ts = strangeRoot();
    expect((await send(mention(ts), sending())).status).toBe(401);
    await nothingCame(ts);
  });

  test.each(["events", "actions", "commands"] as const)("no signature at all, on /slack/%s", async (route) => {
    const ts = strangeRoot();
    const answer = await fetch(`${deckhand.workerUrl}/slack/${route}`, { method: "POST", body: mention(ts) });
    expect(answer.status).toBe(401);
    await nothingCame(ts);
  });

  test("the right signature of another body", async () => {
    const ts = strangeRoot();
    const url = `${deckhand.workerUrl}/slack/events`;
    const { headers } = await signed(secret, url, "{}", { at: Date.now() });
    expect((await fetch(url, { method: "POST", headers, body: mention(ts) })).status).toBe(401);
    await nothingCame(ts);
  });
});

describe("what is signed but makes no sense", () => {
  test.each(["not JSON", "", "[]", "null", '"text"', "{"])("the body %j is 400", async (body) => {
    expect((await send(body)).status).toBe(400);
  });

  test("a press that is no form is 400", async () => {
    expect((await send("payload=%7Bnot", { route: "actions" })).status).toBe(400);
  });

  test("url_verification is answered with its challenge", async () => {
    const answer = await send(JSON.stringify({ type: "url_verification", challenge: "3eZbrw1a" }));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ challenge: "3eZbrw1a" });
  });

  test.each([
    ["an event nobody knows", { type: "moon_landed", channel: general, ts: "1600000001.000100" }],
    ["an event without a type", { channel: general }],
    ["a mention without an author", { type: "app_mention", channel: general, ts: "1600000001.000200", text: "x" }],
    ["a mention without a channel", { type: "app_mention", user: "U0ADA", ts: "1600000001.000300", text: "x" }],
    ["a message whose stamp is a path", { type: "message", channel: general, user: "U0ADA", ts: "../../1", text: "x" }],
    ["a message whose text is an object", { type: "message", channel: general, user: "U0ADA", ts: "1.2", text: {} }],
  ])("%s is 200 and ignored", async (_name, event) => {
    expect((await send(envelope(event))).status).toBe(200);
  });

  test("more than 1 MB is 413, signed or not", async () => {
    const body = envelope({ type: "app_mention", text: "x".repeat(1024 * 1024) });
    expect((await send(body)).status).toBe(413);
    expect((await fetch(`${deckhand.workerUrl}/slack/events`, { method: "POST", body })).status).toBe(413);
  });

  test("I1 a trace is not told by a name that somebody points here", async () => {
    const { port, hostname } = new URL(deckhand.workerUrl);
    const traced = (host: string, form: string) =>
      new Promise<number | undefined>((done, fail) => {
        const path = `/threads/${encodeURIComponent("slack:T0LOCAL:C0GENERAL:1.1")}/${form}`;
        const asked = request({ hostname, port, path, headers: { host: `${host}:${port}` } }, (response) => {
          response.resume();
          done(response.statusCode);
        });
        asked.once("error", fail).end();
      });
    for (const form of ["trace", "trace.json"]) {
      expect(await traced("evil.example", form)).toBe(404);
      expect(await traced("127.0.0.1.evil.example", form)).toBe(404);
      expect(await traced("x.localhost.", form)).toBe(404);
      expect(await traced("localhost", form)).toBe(200);
    }
  });

  test("GET on a Slack route, and an unknown path, is 404", async () => {
    expect((await fetch(`${deckhand.workerUrl}/slack/events`)).status).toBe(404);
    expect((await fetch(`${deckhand.workerUrl}/nothing`)).status).toBe(404);
  });
});

describe("buttons", () => {
  const approval = `ap_${"0".repeat(32)}`;

  test("one that is not ours is 200 and does nothing", async () => {
    const ts = strangeRoot();
    const place = { container: { type: "message", channel_id: general, message_ts: ts, thread_ts: ts } };
    expect((await press(place, { action_id: "poll:vote", value: "1" })).status).toBe(200);
    expect((await press(place, { action_id: "deckhand:launch", value: approval })).status).toBe(200);
    await nothingCame(ts);
  });

  test("one of ours in a thread that is not ours does nothing", async () => {
    const ts = strangeRoot();
    const place = { container: { type: "message", channel_id: general, message_ts: ts, thread_ts: ts } };
    expect((await press(place, { action_id: "deckhand:approve", value: approval })).status).toBe(200);
    await nothingCame(ts);
  });

  test("one on a message that is gone: who presses it is told privately, and nobody else", async () => {
    const { slack } = deckhand;
    const ts = await slack.say("U0GRACE", general, "@Deckhand echo still here");
    await slack.waitForReply(general, ts, has("still here"));
    const gone = `${Number(ts.split(".")[0]) + 1}.000900`;
    const place = { container: { type: "message", channel_id: general, message_ts: gone, thread_ts: ts } };
    const by = { user: { id: "U0GRACE", team_id: "T0LOCAL", username: "grace" } };
    const given = { action_id: "deckhand:approve", value: `ap_${"e".repeat(32)}` };
    expect((await press({ ...place, ...by }, given)).status).toBe(200);
    await slack.waitForWhisper("U0GRACE", has("This request is not known here any more."));
    const thread = await slack.thread(general, ts);
    expect(thread.map(shownText).join()).not.toContain("not known here");
  });

  test("an approval's id that is pressed in another of our threads decides nothing", async () => {
    const { slack, workerUrl } = deckhand;
    const ts = await slack.say("U0ADA", general, "@Deckhand make a small site called Far Away about distance");
    const card = await slack.waitForReply(general, ts, (message) => shownButtons(message).length > 0);
    const value = shownButtons(card).find((button) => button.actionId === "deckhand:approve")?.value;
    expect(value).toMatch(/^ap_[0-9a-f]{32}$/);
    const other = await slack.say("U0ADA", general, "@Deckhand echo elsewhere");
    await slack.waitForReply(general, other, has("elsewhere"));
    const place = { container: { type: "message", channel_id: general, message_ts: other, thread_ts: other } };
    expect((await press(place, { action_id: "deckhand:approve", value })).status).toBe(200);
    await slack.waitForWhisper("U0ADA");
    expect((await fetch(`${workerUrl}/sites/far-away/`)).status).toBe(404);
    // The card itself still decides.
    await slack.press("U0ADA", card, "deckhand:approve");
    await slack.waitForReply(general, ts, has("/sites/far-away/"));
  });
});

describe("paths are refused before anything is touched, and the thread is told path.invalid", () => {
  test.each([
    "read home/../x",
    "read ../secret.txt",
    "read home/./x",
    "read home\\notes.md",
    "read home/a%2e%2e/b",
    "read home/%2e%2e%2fx",
    "read home/a%252fb",
    "read /etc/passwd",
    "read etc/passwd",
    "read home//x",
    'write "x" to u/slack:T0LOCAL:U0GRACE/home/x.md',
    "move home/todo.md to ../todo.md",
    "list files in ../home",
    "delete home/../x",
    "run: return FILES.readText('home/a\\0b')",
    "run: return FILES.write('home/a\\u202eb', 'x')",
  ])("%s", async (phrase) => {
    const ts = await deckhand.slack.say("U0ADA", general, `@Deckhand ${phrase}`);
    const answer = await deckhand.slack.waitForReply(general, ts, has("path.invalid"));
    expect(shownText(answer)).toMatch(/The path/);
    expect(shownButtons(answer)).toEqual([]);
  });
});

describe("addresses of sites", () => {
  /** As it stands, without what `fetch` would tidy up. */
  const raw = (path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(deckhand.workerUrl);
      const asked = request({ hostname, port, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once("error", reject);
      asked.end();
    });

  test.each([
    "/sites/..%2fhome%2fx",
    "/sites/%2e%2e/%2e%2e/u/slack:T0LOCAL:U0ADA/home/n.txt",
    "/sites/../../u/x",
    "/sites/bread/..%2f..%2fhome",
    "/sites/bread/%2e%2e%2f",
    "/sites/bread/%252e%252e%252f",
    "/sites/bread/a%5cb",
    "/sites/bread/a%00b",
    "/sites/bread/%zz",
    "/sites/bread//x",
    "/sites/",
    "/sites/BREAD/",
  ])("%s is 404", async (path) => {
    expect(await raw(path)).toBe(404);
  });
});
