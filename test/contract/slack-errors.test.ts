import { describe, expect, test } from "vitest";
import { sortOf } from "../../adapters/slack/error-table.ts";
import type { Sort } from "../../adapters/slack/error-table.ts";
import { slackIds } from "../../adapters/slack/ids.ts";
import { appMethods, linkMethods, slackMethods } from "../../adapters/slack/methods.ts";
import type { SlackMethod } from "../../adapters/slack/methods.ts";
import contracts from "../../bots/local/workspace/contract/methods.json" with { type: "json" };
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { delta, done, finished, presenter, started } from "./chat-port.contract.ts";
import type { Harness } from "./chat-port.contract.ts";
import { slackHarness } from "./slack-harness.ts";

/** Errors of each method, as Slack's own reference names them. */
const errorsOf = (method: SlackMethod): string[] =>
  (contracts as Record<string, { errors: string[] }>)[method]?.errors ?? [];
const called: SlackMethod[] = [...slackMethods, ...linkMethods, ...appMethods];

test.each(called)("every error that Slack names for %s is sorted, with a reason", (method) => {
  expect(errorsOf(method).length).toBeGreaterThan(0);
  expect(errorsOf(method).filter((code) => sortOf(method, code) === null)).toEqual([]);
  for (const code of errorsOf(method)) expect(sortOf(method, code)?.why.length).toBeGreaterThan(10);
});

test("what any method may answer is sorted for all of them", () => {
  for (const method of called)
    for (const code of ["invalid_auth", "token_revoked", "missing_scope", "ratelimited", "fatal_error"])
      expect(sortOf(method, code)).not.toBeNull();
});

const posted: ThreadEvent = {
  type: "file.posted",
  path: "home/a.csv",
  name: "a.csv",
  mediaType: "text/csv",
  sizeBytes: 4,
};

type World = ReturnType<typeof slackHarness> & { show: (...events: StampedEvent[]) => Promise<void> };
interface Scene {
  /** In the person's DM with the app. */
  dm?: true;
  /** What happens before the error is armed. */
  before(world: World): Promise<void>;
  /** What meets the error; it is shown again as the Thread does. */
  events(world: World): StampedEvent[];
  /** All words of the answer, once it is complete. */
  words: string[];
}
const whole = ["Hello", "world."];
const begun =
  (text: string) =>
  async ({ show, say }: World): Promise<void> =>
    show(say(started()), say(delta(text)));
const nothing = async (): Promise<void> => {};
const turn = ({ say }: World): StampedEvent[] => [say(started()), say(done("Hello world.")), say(finished)];
/** Where Slack has no sessions. */
const noSessions = async ({ slack }: World): Promise<void> =>
  slack.fail("agents.sessions.setStatus", { error: "feature_disabled" }, 1000);

/** Called in answer to a request of Slack's, before it is acknowledged. */
const atTheDoor = ["chat.unfurl", "entity.presentDetails", "oauth.v2.access", "views.open", "views.publish"];

/** How each method comes to be called while an answer is shown. */
const scenes: Partial<Record<SlackMethod, Scene>> = {
  "chat.startStream": {
    before: async ({ show, say }) => show(say(started())),
    events: ({ say }) => [say(delta("Hello wor")), say(delta("Hello world"))],
    words: ["Hello", "world"],
  },
  "chat.appendStream": {
    before: begun("Hello"),
    events: ({ say }) => [say(delta("Hello world."))],
    words: whole,
  },
  "chat.stopStream": {
    before: begun("Hello"),
    events: ({ say }) => [say(done("Hello world.")), say(finished)],
    words: whole,
  },
  "chat.postMessage": {
    before: nothing,
    events: ({ say }) => [say(started()), say(done("Hello world.")), say(finished)],
    words: whole,
  },
  "chat.update": {
    before: async (world) => {
      world.slack.fail("chat.startStream", { error: "channel_type_not_supported" });
      await begun("Hello")(world);
    },
    events: ({ say }) => [say(done("Hello world.")), say(finished)],
    words: ["world."],
  },
  "conversations.replies": {
    before: async ({ slack, show, say }) => {
      slack.fail("chat.postMessage", "lost-after");
      await expect(show(say(started()), say(done("Hello world.")), say(finished))).rejects.toBeInstanceOf(KernelError);
    },
    events: () => [],
    words: whole,
  },
  "files.getUploadURLExternal": {
    before: nothing,
    events: ({ say }) => [say(started()), say(posted), say(done("Hello world.")), say(finished)],
    words: ["a.csv", ...whole],
  },
  "files.completeUploadExternal": {
    before: nothing,
    events: ({ say }) => [say(started()), say(posted), say(done("Hello world.")), say(finished)],
    words: ["a.csv", ...whole],
  },
  "agents.sessions.setStatus": { before: nothing, events: turn, words: whole },
  "assistant.threads.setStatus": { before: noSessions, events: turn, words: whole },
  "assistant.threads.setTitle": {
    dm: true,
    before: noSessions,
    events: ({ say }) => [say(started()), say(delta("Hello"))],
    words: ["Hello"],
  },
  "assistant.threads.setSuggestedPrompts": { dm: true, before: nothing, events: turn, words: whole },
  "auth.test": {
    // A stream that may have been started is looked for among our own messages.
    before: async ({ slack, show, say }) => {
      slack.fail("chat.startStream", "lost-after");
      await expect(show(say(started()), say(delta("Hello")))).rejects.toBeInstanceOf(KernelError);
    },
    events: ({ say }) => [say(done("Hello world.")), say(finished)],
    words: whole,
  },
  "chat.delete": {
    // More was shown than the transcript holds: of two messages one is left.
    before: async (world) => {
      world.slack.fail("chat.startStream", { error: "channel_type_not_supported" });
      const long = Array.from({ length: 2500 }, (_, n) => `word${n}`).join(" ");
      await begun(long.slice(0, 3000))(world);
      for (let at = 6000; at < long.length; at += 3000) await world.show(world.say(delta(long.slice(0, at))));
      expect(world.slack.shown().length).toBeGreaterThan(1);
    },
    events: ({ say }) => [say(started("recovery")), say(done("word0 word1 and so on.")), say(finished)],
    words: ["and so on."],
  },
};
const shownMethods = Object.keys(scenes) as SlackMethod[];

function world({ dm = false }: { dm?: boolean } = {}): World {
  const made = slackHarness();
  const thread = dm ? slackIds.thread({ team: "T1", channel: "D1", threadTs: made.slack.root }) : made.harness.thread;
  const harness: Harness = { ...made.harness, thread, files: { "home/a.csv": "a,b\n" } };
  return { ...made, ...presenter(harness) };
}
const tellings = ({ slack }: World) => slack.calls.filter((call) => call.args["channel"] === "U1");

/** Comes again as the Thread does: after what is retryable, a few times. */
async function deliver({ show, later }: World, events: StampedEvent[]): Promise<KernelError[]> {
  const failures: KernelError[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      await show(...events);
      return failures;
    } catch (thrown) {
      if (!(thrown instanceof KernelError)) throw thrown;
      failures.push(thrown);
      if (!thrown.retryable) return failures;
      later(thrown.retryAfterMs ?? 0);
    }
  }
  return failures;
}

/** What any method may answer, named by it or not. */
const anywhere = ["ratelimited", "fatal_error", "token_revoked", "missing_scope"];
const rows = shownMethods.flatMap((method) =>
  [...new Set([...errorsOf(method), ...anywhere])].map((code): [SlackMethod, string, Sort] => [
    method,
    code,
    sortOf(method, code)?.sort ?? "retry",
  ]),
);

const isOrnament = (method: SlackMethod): boolean => /^(?:agents|assistant)\./.test(method);
const letGo = new Set<SlackMethod>(["assistant.threads.setTitle", "assistant.threads.setSuggestedPrompts"]);

describe("what is done about each error of Slack's", () => {
  test.each(rows)("%s %s: %s", async (method, code, sort) => {
    const scene = scenes[method];
    if (!scene) throw new Error(`${method} has no scene`);
    const here = world(scene);
    await scene.before(here);
    here.slack.fail(method, { error: code });
    const asked = here.slack.count(method);
    const events = scene.events(here);
    const failures = await deliver(here, events);
    // The error was met.
    expect(here.slack.count(method)).toBeGreaterThan(asked);
    const all = () => here.slack.shown().join("\n");
    switch (sort) {
      case "fall_back":
        expect(failures).toEqual([]);
        break;
      case "retry":
        // Ornaments that are of no account a moment later are let go.
        if (!letGo.has(method)) {
          expect(failures).toHaveLength(1);
          expect(failures[0]).toMatchObject({ retryable: true });
        }
        break;
      case "tell_person":
        expect(failures).toMatchObject([{ code: "platform.refused", retryable: false, slack: code }]);
        expect(tellings(here)).toHaveLength(1);
        expect(tellings(here)[0]?.args["text"]).toContain("<#C1>");
        break;
      case "tell_owner":
        if (isOrnament(method)) {
          // What the answer itself is told of the same says it.
          expect(failures).toEqual([]);
          break;
        }
        // The Thread logs it: it names the method, the error, and what to do.
        expect(failures).toMatchObject([{ code: "platform.refused", retryable: false, slack: code }]);
        expect(failures[0]?.message).toContain(method);
        expect(tellings(here)).toEqual([]);
        break;
      case "cannot_happen":
        expect(failures.length).toBeLessThan(2);
        break;
    }
    // Once it is mended nothing is missing: what was refused is shown with the next batch.
    await deliver(here, events);
    for (const word of scene.words) expect(all()).toContain(word);
  });

  test.each(rows.filter(([, , sort]) => sort !== "retry"))("%s %s for ever (%s) is no loop", async (method, code) => {
    const here = world(scenes[method]);
    await scenes[method]?.before(here);
    here.slack.fail(method, { error: code }, 10_000);
    const before = here.slack.calls.length;
    const events = scenes[method]?.events(here) ?? [];
    await deliver(here, events);
    await deliver(here, events);
    expect(here.slack.calls.length - before).toBeLessThan(30);
    expect(tellings(here).length).toBeLessThan(3);
  });
});

test("every method that is called has its errors injected, here or in slack-errors-at-the-door", () => {
  const elsewhere = ["chat.postEphemeral", "files.info", "users.info", ...atTheDoor];
  expect([...shownMethods, ...elsewhere].toSorted()).toEqual(called.toSorted());
});

/** Names are remembered for a while: each look-up is about somebody new. */
let people = 0;

describe("errors of calls that show nothing in the thread", () => {
  const plain: [SlackMethod, (world: World) => Promise<unknown>][] = [
    ["users.info", ({ harness }) => harness.port.person(slackIds.user("T2", `UERR${people++}`))],
    ["chat.postEphemeral", ({ harness }) => harness.port.whisper(harness.thread, harness.user, "Only Ada may.")],
    [
      "files.info",
      ({ harness }) =>
        harness.port.download(
          { ...harness.file("fine"), source: { id: "F1", url: null, access: "check_file_info" } },
          1000,
        ),
    ],
    ["conversations.replies", ({ harness }) => harness.port.history(harness.thread, harness.later, 10)],
  ];
  test.each(plain.flatMap(([method, work]) => errorsOf(method).map((code) => [method, code, work] as const)))(
    "%s %s is one of ours, with a plain sentence",
    async (method, code, work) => {
      const here = world();
      here.slack.fail(method, { error: code });
      const thrown = await work(here).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(KernelError);
      expect((thrown as KernelError).userMessage.length).toBeGreaterThan(10);
      expect(here.slack.count(method)).toBe(1);
    },
  );
});
