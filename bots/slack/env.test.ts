import { expect, test } from "vitest";
import { readSlackEnv } from "./env.ts";

const signing = { SLACK_SIGNING_SECRET: "12345678" };
const one = { ...signing, SLACK_BOT_TOKEN: "xoxb-1" };
const keys = { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "0123456789abcdef", SLACK_TOKEN_KEY: btoa("k".repeat(32)) };

test("one workspace by its token", () => {
  expect(readSlackEnv(one)).toEqual({
    signingSecret: "12345678",
    apiUrl: "https://slack.com/api/",
    botToken: "xoxb-1",
    install: null,
    allowedBots: new Set(),
  });
  expect(readSlackEnv({ ...one, SLACK_ALLOWED_BOTS: "B1, B2" }).allowedBots).toEqual(new Set(["B1", "B2"]));
  expect(() => readSlackEnv({ ...one, SLACK_ALLOWED_BOTS: "nightly" })).toThrow(
    /SLACK_ALLOWED_BOTS must be ids of bots/,
  );
});

test("workspaces that install, with a token beside them or without", () => {
  expect(readSlackEnv({ ...signing, ...keys })).toMatchObject({ botToken: null, install: { clientId: "1.2" } });
  expect(readSlackEnv({ ...one, ...keys })).toMatchObject({ botToken: "xoxb-1", install: { clientId: "1.2" } });
});

test("an empty variable is an absent one", () => {
  expect(
    readSlackEnv({ ...one, SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "", SLACK_TOKEN_KEY: "" }).install,
  ).toBeNull();
});

test.each([
  [
    "nothing is set",
    {},
    [/SLACK_BOT_TOKEN must be set to .*xoxb-.*SLACK_CLIENT_ID/, /SLACK_SIGNING_SECRET must be set/],
  ],
  ["the token is none", { ...signing, SLACK_BOT_TOKEN: "hello" }, [/SLACK_BOT_TOKEN must be set/]],
  ["the address is none", { ...one, SLACK_API_URL: "x" }, [/SLACK_API_URL must be an http/]],
  ["the secret is missing", { SLACK_BOT_TOKEN: "xoxb-1" }, [/SLACK_SIGNING_SECRET must be set .*Basic Information/]],
  ["only the client id", { ...one, SLACK_CLIENT_ID: "1.2" }, [/SLACK_CLIENT_SECRET must/, /SLACK_TOKEN_KEY .*openssl/]],
  ["no client id", { ...signing, ...keys, SLACK_CLIENT_ID: "" }, [/^config.invalid: SLACK_CLIENT_ID must be set/]],
  [
    "the key is too short",
    { ...signing, ...keys, SLACK_TOKEN_KEY: "abc" },
    [/SLACK_TOKEN_KEY must be set to 32 bytes/],
  ],
])("each missing or wrong variable is named with the fix: %s", (_, env, sentences) => {
  for (const sentence of sentences) expect(() => readSlackEnv(env)).toThrow(sentence);
});

test("no secret is repeated in what is said", () => {
  const wrong = { SLACK_BOT_TOKEN: "my-secret-1", SLACK_CLIENT_SECRET: "short", SLACK_TOKEN_KEY: "my-secret-2" };
  expect(() => readSlackEnv(wrong)).toThrow(/^(?!.*(?:my-secret|short))/s);
});
