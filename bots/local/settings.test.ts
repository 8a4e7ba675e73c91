import { describe, expect, test } from "vitest";
import { forgetVariables, readSettings, SettingsError } from "./settings.ts";

describe("settings of npm start", () => {
  test("nothing set: the local workspace on its own ports, no model variable", () => {
    expect(readSettings({})).toEqual({
      port: 4747,
      workerPort: 4748,
      stateDir: ".deckhand",
      publicUrl: null,
      computer: null,
      slack: null,
      workerVars: {},
    });
  });

  test("an empty variable is an absent one", () => {
    expect(readSettings({ ANTHROPIC_API_KEY: "", PORT: "" }).workerVars).toEqual({});
  });

  test("model variables are handed on, others are not", () => {
    expect(readSettings({ MODEL: "ollama:qwen3:8b", HOME: "/root" }).workerVars).toEqual({ MODEL: "ollama:qwen3:8b" });
  });

  test("a real workspace by its token, or many that install the app", () => {
    const signed = { SLACK_SIGNING_SECRET: "0123456789abcdef" };
    const one = readSettings({ ...signed, SLACK_BOT_TOKEN: "xoxb-1" });
    expect(one.slack).toEqual({ botToken: "xoxb-1", signingSecret: "0123456789abcdef" });
    const many = readSettings({ ...signed, SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "s", SLACK_TOKEN_KEY: "k" });
    expect(many.slack).toEqual({ botToken: null, signingSecret: "0123456789abcdef" });
    expect(many.workerVars).toEqual({ SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "s", SLACK_TOKEN_KEY: "k" });
  });

  test.each([
    [{ PORT: "many" }, /PORT must be a number/],
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, /SLACK_SIGNING_SECRET is missing/],
    [{ SLACK_BOT_TOKEN: "xapp-1", SLACK_SIGNING_SECRET: "0123456789abcdef" }, /starts with xoxb-/],
    [{ COMPUTER: "vm" }, /COMPUTER must be docker, jail or simulated/],
    [{ PUBLIC_URL: "deckhand" }, /PUBLIC_URL must be a full address/],
  ])("a wrong variable is named with the fix: %o", (env, sentence) => {
    expect(() => readSettings(env)).toThrow(SettingsError);
    expect(() => readSettings(env)).toThrow(sentence);
  });
});

test("what is read, and what is named as a secret, is not left for children to inherit", () => {
  const kept = { PATH: "/bin", HOME: "/root", DOCKER_HOST: "unix:///x", LANG: "C.UTF-8" };
  const env = { ...kept, MODEL: "m", PORT: "1", OPENAI_API_KEY: "k", SLACK_APP_TOKEN: "t", GITHUB_TOKEN: "t" };
  forgetVariables(env);
  expect(env).toEqual(kept);
});
