import { expect, test } from "vitest";
import { slackMethods } from "../../adapters/slack/methods.ts";
import eventScopes from "../../test/fixtures/slack/events.json" with { type: "json" };
import methods from "../local/workspace/contract/methods.json" with { type: "json" };
import { appManifest, botScopes } from "./app-manifest.ts";
import { handledEvents, subscribedEvents } from "./subscriptions.ts";

const granted = new Set<string>(botScopes);

test.each(slackMethods)("the manifest grants what %s needs", (method) => {
  const { scopes } = methods[method];
  if (method === "conversations.replies") expect(scopes.filter((scope) => !granted.has(scope))).toEqual([]);
  else expect(scopes.length === 0 || scopes.some((scope) => granted.has(scope))).toBe(true);
});

test.each(Object.entries(eventScopes))("the manifest subscribes to %s and grants its scopes", (event, scopes) => {
  expect(subscribedEvents).toContain(event);
  expect(scopes.length).toBeGreaterThan(0);
  expect(scopes.filter((scope) => !granted.has(scope))).toEqual([]);
});

test("every handled event is subscribed to, and no scope is asked for that nothing needs", () => {
  expect(Object.keys(eventScopes).toSorted()).toEqual(subscribedEvents.toSorted());
  for (const event of handledEvents)
    expect(subscribedEvents.some((name) => name === event || name.startsWith(`${event}.`))).toBe(true);
  const needed = new Set([
    ...Object.values(eventScopes).flat(),
    ...slackMethods.flatMap((method) => methods[method].scopes),
  ]);
  // The agent's view in Slack needs this one by itself.
  expect(botScopes.filter((scope) => !needed.has(scope))).toEqual(["assistant:write"]);
});

test("the manifest points at the Worker and keeps Slack's lengths", () => {
  const manifest = appManifest("https://deck.example/ignored");
  expect(manifest.settings.event_subscriptions.request_url).toBe("https://deck.example/slack/events");
  expect(manifest.settings.interactivity.request_url).toBe("https://deck.example/slack/actions");
  expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  expect(manifest.features.agent_view.agent_description.length).toBeLessThanOrEqual(300);
  expect(manifest.features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
});
