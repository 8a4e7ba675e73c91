import { describe, expect, test } from "vitest";
import { readCommand } from "./commands.ts";
import { homeOf, workspaceOf } from "./home-team.ts";
import { readSubmission } from "./modals.ts";
import { parseAction, parseEvent } from "./parse.ts";
import { readChosen } from "./quote.ts";
import { readHomeOpened, readPressed } from "./view-press.ts";

/*
 * B1 on Enterprise Grid: one person is one kernel and one thread is one thread, whichever way something comes in and
 * whatever Slack leaves out of it. The app is installed in the organisation E1; the person W1 works in its workspace T1.
 */
const person = "slack:T1:W1";
const thread = "slack:T1:C1:1721000000.000200";
const ts = "1721000000.000200";
const ap = `ap_${"a".repeat(32)}`;

const orgInstall = { enterprise_id: "E1", user_id: "UBOT", is_bot: true, is_enterprise_install: true };
/** What an envelope says of where it comes from. */
const envelopes = {
  "names both": { team_id: "T1", enterprise_id: "E1", authorizations: [{ ...orgInstall, team_id: "T1" }] },
  "authorization without a workspace": { team_id: "T1", authorizations: [{ ...orgInstall, team_id: null }] },
  "the organisation in the workspace's place": {
    team_id: "T1",
    enterprise_id: "E1",
    authorizations: [{ ...orgInstall, team_id: "E1" }],
  },
  "the workspace in the authorization only": {
    team_id: "E1",
    enterprise_id: "E1",
    authorizations: [{ ...orgInstall, team_id: "T1" }],
  },
};
/** What a message says of its author. */
const authors = {
  "the workspace": { team: "T1" },
  nothing: {},
  "the organisation as the person's team": { team: "T1", user_team: "E1", source_team: "E1" },
  "the organisation alone": { team: "E1" },
};
const message = (envelope: object, author: object, over: object = {}) => ({
  type: "event_callback",
  ...envelope,
  event: { type: "message", channel: "C1", channel_type: "channel", user: "W1", text: "hi", ts, ...author, ...over },
});

describe("B1 on Grid a person and a thread have one name", () => {
  test.each(
    Object.entries(envelopes).flatMap(([from, envelope]) =>
      Object.entries(authors).map(([by, author]) => [from, by, envelope, author] as const),
    ),
  )("by a message (envelope: %s; author: %s)", (_, __, envelope, author) => {
    expect(parseEvent(message(envelope, author)).input).toMatchObject({ thread, author: { id: person } });
  });

  test.each(Object.entries(envelopes))("by Stop, a deletion, and Home (envelope: %s)", (_, envelope) => {
    const stop = { type: "agent_session_stopped", channel: "C1", user: "W1", thread_ts: ts, event_ts: ts };
    const stopped = parseEvent({ type: "event_callback", ...envelope, event: stop }).input;
    expect(stopped).toMatchObject({ thread, by: { id: person } });
    const gone = {
      subtype: "message_deleted",
      deleted_ts: ts,
      previous_message: { user: "W1", ts, thread_ts: ts, team: "E1" },
    };
    expect(parseEvent(message(envelope, {}, gone)).input).toMatchObject({ thread, by: { id: person } });
    const opened = { type: "app_home_opened", user: "W1", tab: "home" };
    expect(readHomeOpened({ type: "event_callback", ...envelope, event: opened })).toBe(person);
  });

  /** What an interaction says of where it happens. */
  const places = {
    "names both": { team: { id: "T1", enterprise_id: "E1" }, enterprise: { id: "E1" }, user: { team_id: "T1" } },
    "no workspace": { team: null, enterprise: { id: "E1" }, user: { team_id: "T1" } },
    "the person's team is the organisation": {
      team: { id: "T1", enterprise_id: "E1" },
      enterprise: null,
      user: { team_id: "E1" },
    },
    "no team of the person": { team: { id: "T1", enterprise_id: "E1" }, enterprise: { id: "E1" }, user: {} },
  };
  const at = ({ user, ...place }: (typeof places)[keyof typeof places]) => ({
    ...place,
    is_enterprise_install: true,
    user: { ...user, id: "W1", username: "ada" },
    trigger_id: "1.2.x",
  });

  test.each(Object.entries(places))("by a press, a form, a menu (%s)", (_, place) => {
    const press = {
      ...at(place),
      type: "block_actions",
      actions: [{ action_id: "deckhand:approve", type: "button", value: ap, action_ts: ts }],
    };
    for (const team of ["T1", "E1", undefined]) {
      const onMessage = {
        ...press,
        container: { type: "message", message_ts: "1721000001.000100", thread_ts: ts, channel_id: "C1" },
        channel: { id: "C1" },
        message: { ts: "1721000001.000100", team },
      };
      expect(parseAction(onMessage).input).toMatchObject({ thread, by: { id: person } });
      expect(readPressed(onMessage)?.by.id).toBe(person);
    }
    const inHome = { ...press, view: { type: "home", team_id: "T1", app_installed_team_id: "E1" } };
    expect(readPressed(inHome)?.by.id).toBe(person);
    const view = { id: "V1", callback_id: "x", private_metadata: "", state: { values: {} } };
    const places = { team_id: "T1", app_installed_team_id: "E1" };
    expect(readSubmission({ ...at(place), type: "view_submission", view: { ...view, ...places } })?.by.id).toBe(person);
    const chosen = { ...at(place), type: "message_action", channel: { id: "C1" }, message: { type: "message", ts } };
    expect(readChosen(chosen, "T1")?.by.id).toBe(person);
  });

  test("by a command, also one whose workspace Slack leaves out", () => {
    const command = { command: "/deckhand", user_id: "W1", enterprise_id: "E1", trigger_id: "1.2.x" };
    expect(readCommand({ ...command, team_id: "T1" })?.by.id).toBe(person);
    // Nothing but the organisation is known: better a name than none.
    expect(readCommand({ ...command, team_id: "" })?.by.id).toBe("slack:E1:W1");
    expect(readCommand({ ...command, team_id: "", enterprise_id: "" })).toBeNull();
  });
});

describe("a person of another company, in a shared channel of an organisation", () => {
  const foreign = [
    ["a workspace", "T7"],
    ["an organisation", "E7"],
  ] as const;
  test.each(foreign)("keeps %s of their own, in messages and presses alike", (_, team) => {
    for (const envelope of Object.values(envelopes)) {
      const author = { user: "U7", team, user_team: team, source_team: team };
      expect(parseEvent(message(envelope, author)).input).toMatchObject({ thread, author: { id: `slack:${team}:U7` } });
    }
    const press = {
      type: "block_actions",
      trigger_id: "1.2.x",
      team: { id: team },
      enterprise: null,
      user: { id: "U7", team_id: team },
      container: { message_ts: "1721000001.000100", thread_ts: ts, channel_id: "C1" },
      message: { ts: "1721000001.000100", team: "T1" },
      actions: [{ action_id: "deckhand:approve", type: "button", value: ap, action_ts: ts }],
    };
    expect(parseAction(press).input).toMatchObject({ thread, by: { id: `slack:${team}:U7` } });
    expect(readPressed(press)?.by.id).toBe(`slack:${team}:U7`);
  });
});

test("the rules by themselves", () => {
  expect(workspaceOf(null, "E1", undefined, "T1", "T2")).toBe("T1");
  expect(workspaceOf("E1", null)).toBe("E1");
  expect(workspaceOf(null, undefined)).toBeNull();
  expect(homeOf([null, "E1", "T9"], ["T1"], ["E1"])).toBe("T9");
  expect(homeOf(["E1"], [null, "T1"], ["E1"])).toBe("T1");
  expect(homeOf(["E9"], ["T1"], ["E1"])).toBe("E9");
  expect(homeOf([], [], [])).toBeNull();
});
