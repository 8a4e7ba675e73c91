import type { App } from "@slack/bolt";
import { describe, expect, test } from "vitest";
import { slackMethods } from "../../adapters/slack/methods.ts";
import eventScopes from "../../test/fixtures/slack/events.json" with { type: "json" };
import methods from "../local/workspace/contract/methods.json" with { type: "json" };
import type { Desk } from "./desk.ts";
import { appManifest } from "./app-manifest.ts";
import { listeners } from "./listeners/index.ts";
import { messages } from "./listeners/messages.ts";
import type { Listener } from "./listeners/types.ts";
import { botScopes } from "./scopes.ts";
import { usesOf } from "./uses.ts";

const granted = new Set<string>(botScopes);
const known: Record<string, string[]> = eventScopes;
const uses = usesOf(listeners);
const url = "https://deck.example/ignored";

test.each(slackMethods)("the manifest grants what %s needs", (method) => {
  const { scopes } = methods[method];
  // Its scopes are by kind of channel, and threads are read in all of them.
  if (method === "conversations.replies") expect(scopes.filter((scope) => !granted.has(scope))).toEqual([]);
  else expect(scopes.length === 0 || scopes.some((scope) => granted.has(scope))).toBe(true);
});

test.each(uses.events)("%s is an event of Slack's, and its scopes are granted", (event) => {
  expect(Object.keys(known)).toContain(event);
  expect(known[event]?.filter((scope) => !granted.has(scope))).toEqual([]);
});

test("no scope is asked for that nothing needs", () => {
  const needed = new Set([
    ...uses.events.flatMap((event) => known[event] ?? []),
    ...slackMethods.flatMap((method) => methods[method].scopes),
    // The agent's view in Slack needs this one by itself.
    "assistant:write",
    ...(uses.commands.length + uses.shortcuts.length > 0 ? ["commands"] : []),
    ...(uses.unfurls ? ["links:read", "links:write"] : []),
  ]);
  expect(botScopes.filter((scope) => !needed.has(scope))).toEqual([]);
  if (uses.commands.length + uses.shortcuts.length > 0) expect(granted).toContain("commands");
  if (uses.unfurls) expect([...granted]).toEqual(expect.arrayContaining(["links:read", "links:write"]));
});

/** What a listener asks Bolt for. */
function heard(listener: Listener): { events: string[]; commands: string[]; shortcuts: string[] } {
  const seen = { events: new Set<string>(), commands: new Set<string>(), shortcuts: new Set<string>() };
  const name = (given: unknown): string =>
    typeof given === "string" ? given : String((given as { callback_id?: unknown }).callback_id);
  const app = {
    event: (given: string) => seen.events.add(given),
    command: (given: string) => seen.commands.add(given),
    shortcut: (given: unknown) => seen.shortcuts.add(name(given)),
    action: () => undefined,
    view: () => undefined,
    options: () => undefined,
    use: () => undefined,
  };
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const desk = {} as Desk;
  listener.listen(app as unknown as App, {
    intake: async () => {},
    revoke: async () => {},
    access: async () => {},
    desk,
    log,
  });
  return { events: [...seen.events], commands: [...seen.commands], shortcuts: [...seen.shortcuts] };
}

test.each(listeners.map((listener, index) => [index, listener] as const))(
  "listener %i handles just what it asks Slack for",
  (_, listener) => {
    const asked = usesOf([listener]);
    const found = heard(listener);
    expect(found.events.toSorted()).toEqual(
      [...new Set(asked.events.map((event) => event.replace(/\..*/, "")))].toSorted(),
    );
    expect(found.commands.toSorted()).toEqual(asked.commands.map((one) => one.command).toSorted());
    expect(found.shortcuts.toSorted()).toEqual(asked.shortcuts.map((one) => one.callbackId).toSorted());
  },
);

describe("the manifest", () => {
  test("points at the Worker and keeps Slack's lengths", () => {
    const manifest = appManifest({ url });
    expect(manifest.settings.event_subscriptions).toEqual({
      request_url: "https://deck.example/slack/events",
      bot_events: uses.events,
    });
    expect(manifest.settings.interactivity).toEqual({
      is_enabled: true,
      request_url: "https://deck.example/slack/actions",
    });
    expect(manifest.oauth_config.redirect_urls).toEqual(["https://deck.example/slack/oauth/callback"]);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
    expect(manifest.features.agent_view.agent_description.length).toBeLessThanOrEqual(300);
    expect(manifest.features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
    for (const shortcut of uses.shortcuts) expect(shortcut.name.length).toBeLessThanOrEqual(24);
  });

  test("holds a command, a shortcut, Home and our domain when a part of the app uses them", () => {
    const part: Listener = {
      uses: {
        events: ["app_home_opened", "link_shared"],
        commands: [{ command: "/deckhand", description: "What it does", usage: "help" }],
        shortcuts: [{ kind: "message", callbackId: "ask", name: "Ask Deckhand", description: "About this" }],
        home: true,
        unfurls: true,
      },
      listen: () => {},
    };
    const { features, settings } = appManifest({ url, uses: usesOf([messages, part]) });
    expect(features.app_home.home_tab_enabled).toBe(true);
    expect(features.unfurl_domains).toEqual(["deck.example"]);
    expect(features.shortcuts).toMatchObject([{ type: "message", callback_id: "ask", name: "Ask Deckhand" }]);
    expect(features.slash_commands).toMatchObject([
      { command: "/deckhand", url: "https://deck.example/slack/commands", usage_hint: "help" },
    ]);
    expect(settings.event_subscriptions.bot_events).toEqual(expect.arrayContaining(["app_home_opened", "message.im"]));
  });

  test("with Socket Mode names no address for Slack to send to", () => {
    const text = JSON.stringify(appManifest({ url, socket: true }).settings);
    expect(text).not.toContain("deck.example");
    expect(JSON.parse(text)).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  });

  test("asks for tokens that expire only when told to, and for whole organisations always", () => {
    expect(appManifest({ url }).settings).toMatchObject({ token_rotation_enabled: false, org_deploy_enabled: true });
    expect(appManifest({ url, rotation: true }).settings.token_rotation_enabled).toBe(true);
  });
});
