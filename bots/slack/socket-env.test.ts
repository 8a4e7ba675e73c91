import { expect, test } from "vitest";
import { readSocketEnv } from "./socket-env.ts";

const env = { SLACK_APP_TOKEN: "xapp-1", SLACK_SIGNING_SECRET: "12345678" };

test("it brings what comes to the Worker of npm start, or to the one that is named", () => {
  expect(readSocketEnv(env)).toEqual({
    appToken: "xapp-1",
    signingSecret: "12345678",
    workerUrl: "http://127.0.0.1:4748",
    apiUrl: "https://slack.com/api/",
  });
  expect(readSocketEnv({ ...env, WORKER_PORT: "5000" }).workerUrl).toBe("http://127.0.0.1:5000");
  expect(readSocketEnv({ ...env, WORKER_URL: "https://deck.example" }).workerUrl).toBe("https://deck.example");
});

test.each([
  [{}, /SLACK_APP_TOKEN must be set to .*connections:write.*SLACK_SIGNING_SECRET must be set/s],
  [{ ...env, SLACK_APP_TOKEN: "xoxb-secret" }, /^(?!.*xoxb-secret).*xapp-/],
  [{ ...env, SLACK_APP_TOKEN: "" }, /SLACK_APP_TOKEN must be set/],
  [{ ...env, WORKER_URL: "deck.example" }, /WORKER_URL must be the http/],
  [{ ...env, SLACK_API_URL: "slack" }, /SLACK_API_URL must be/],
])("a missing or wrong variable is named with the fix: %o", (given, sentence) => {
  expect(() => readSocketEnv(given)).toThrow(sentence);
});
