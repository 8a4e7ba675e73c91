import { expect, test } from "vitest";
import { originOf } from "./origin.ts";

const event = (authorization: object, rest: object = {}) => ({
  type: "event_callback",
  team_id: "T1",
  authorizations: [authorization],
  ...rest,
});

test.each([
  ["a workspace's event", event({ team_id: "T1", enterprise_id: null }), { team: "T1", enterprise: null, org: false }],
  [
    "a workspace of an organisation that installed by itself",
    event({ team_id: "T1", enterprise_id: "E1", is_enterprise_install: false }),
    { team: "T1", enterprise: "E1", org: false },
  ],
  [
    "a workspace served by its organisation's installation",
    event({ team_id: "T1", enterprise_id: "E1", is_enterprise_install: true }),
    { team: "T1", enterprise: "E1", org: true },
  ],
  [
    "an organisation's authorization without a workspace",
    event({ team_id: null, enterprise_id: "E1", is_enterprise_install: true }),
    { team: "T1", enterprise: "E1", org: true },
  ],
  [
    "a shared channel: the event is another company's, the installation ours",
    event({ team_id: "T1", enterprise_id: null }, { team_id: "T2", context_team_id: "T1" }),
    { team: "T1", enterprise: null, org: false },
  ],
  [
    "an organisation as a whole",
    { type: "event_callback", team_id: "E1", enterprise_id: "E1" },
    { team: null, enterprise: "E1", org: true },
  ],
  [
    "a press by a person of another company on our message",
    { type: "block_actions", team: { id: "T2" }, user: { id: "U2", team_id: "T2" }, message: { team: "T1" } },
    { team: "T1", enterprise: null, org: false },
  ],
  [
    "a press in an organisation",
    {
      type: "block_actions",
      team: null,
      enterprise: { id: "E1" },
      is_enterprise_install: true,
      user: { team_id: "T1" },
    },
    { team: "T1", enterprise: "E1", org: true },
  ],
  [
    "a shortcut on somebody else's message",
    { type: "message_action", team: { id: "T1" }, user: { id: "U1" }, message: { team: "T2" } },
    { team: "T1", enterprise: null, org: false },
  ],
  [
    "a modal that was opened from a shared channel",
    { type: "view_submission", team: { id: "T2" }, view: { team_id: "T2", app_installed_team_id: "T1" } },
    { team: "T1", enterprise: null, org: false },
  ],
  [
    "a command, whose flag is text",
    { command: "/deckhand", team_id: "T1", enterprise_id: "E1", is_enterprise_install: "true" },
    { team: "T1", enterprise: "E1", org: true },
  ],
] as const)("the installation that serves %s", (_, body, origin) => {
  expect(originOf(body)).toEqual(origin);
});

test.each([null, "text", {}, { team_id: 1 }, { authorizations: "x" }])("none for %j", (body) => {
  expect(originOf(body)).toBeNull();
});
