import { z } from "zod";
import type { ChatAction, Principal } from "../../kernel/chat/types.ts";
import { channelId } from "../../kernel/ids.ts";
import type { ThreadId, UserId } from "../../kernel/ids.ts";
import type { Overview } from "../../kernel/user/overview.ts";
import { readAction } from "./actions.ts";
import { homeOf } from "./home-team.ts";
import { slackIds, tsToMs } from "./ids.ts";
import { acting, actor, slackId, slackStamp, viewPlace } from "./payloads.ts";

/* Presses that need more than their thread: those in Home, which stand in none, and those that open a form. */

const Opened = z.object({
  team_id: slackId.nullish(),
  enterprise_id: slackId.nullish(),
  authorizations: z.array(z.object({ team_id: slackId.nullish(), enterprise_id: slackId.nullish() })).nullish(),
  event: z.object({
    type: z.literal("app_home_opened"),
    user: slackId,
    tab: z.string(),
    view: z.object(viewPlace).nullish(),
  }),
});

/** Who opened their Home tab; null for the other tab, which is the DM. */
export function readHomeOpened(body: unknown): UserId | null {
  const read = Opened.safeParse(body);
  if (!read.success || read.data.event.tab !== "home") return null;
  const { team_id: team, enterprise_id: enterprise, authorizations, event } = read.data;
  const given = authorizations?.[0];
  const home = homeOf([], [team, given?.team_id, event.view?.team_id], [given?.enterprise_id, enterprise]);
  return home === null ? null : slackIds.user(home, event.user);
}

const ViewPress = z.object({
  type: z.literal("block_actions"),
  trigger_id: z.string().max(200),
  ...acting,
  user: actor,
  message: z.object({ team: slackId.nullish() }).nullish(),
  view: z.object({ type: z.string(), ...viewPlace }).nullish(),
  actions: z.tuple(
    [z.object({ action_id: z.string(), value: z.string().nullish(), action_ts: slackStamp })],
    z.unknown(),
  ),
});

export interface Pressed {
  by: Principal;
  trigger: string;
  inHome: boolean;
  actionId: string;
  value: string;
  /** When, as Slack stamped it. */
  ts: string;
}

export function readPressed(body: unknown): Pressed | null {
  const read = ViewPress.safeParse(body);
  if (!read.success) return null;
  const { user, team, enterprise, message, trigger_id: trigger, view, actions } = read.data;
  const ours = [view?.app_installed_team_id, team?.enterprise_id, enterprise?.id];
  const home = homeOf([user.team_id], [team?.id, message?.team, view?.team_id], ours);
  if (!home) return null;
  const [{ action_id: actionId, value, action_ts: ts }] = actions;
  const by = { id: slackIds.user(home, user.id), name: user.username ?? user.name ?? user.id };
  return { by, trigger, inHome: view?.type === "home", actionId, value: value ?? "", ts };
}

type Waiting = Overview["approvals"][number];

/** A card that waits for this person: looked up in what their own Kernel says, whatever the button carried. */
export function findWaiting(overview: Overview, approval: string, by: UserId): Waiting | null {
  const found = overview.approvals.find(({ card }) => card.approval === approval);
  return found?.card.deciders.includes(by) ? found : null;
}

/** What a button of Home decides; null when it is none of them. */
export const readHomeDecision = ({ actionId, value }: Pressed) =>
  readAction(actionId.replace("deckhand:home:", "deckhand:"), value);

/** A decision that was made outside of its thread. `id` is the same for the same press. */
export function actionIn(
  thread: ThreadId,
  { by, id, ts }: { by: Principal; id: string; ts: string },
  what: Pick<ChatAction, "action" | "subject" | "value">,
): ChatAction {
  return { kind: "action", id: id.slice(0, 300), thread, channel: channelId.of(thread), by, ...what, at: tsToMs(ts) };
}
