import { slackId } from "./ids.ts";
import { fieldsOf, listOf, textOf, type Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import type { PageModal } from "./page-api.ts";
import type { ViewRecord } from "./records.ts";
import { app, team } from "./seed.ts";
import { SlackError } from "./slack-error.ts";
import { stateValues, type Given } from "./view-state.ts";
import type { World } from "./world.ts";

/* Home and the stacks of modals, one of each a person. */

/** A view as Slack gives it to the app; `given` is what stands in its inputs. */
export const apiView = (record: ViewRecord, given: Given = {}): Fields => ({
  private_metadata: "",
  callback_id: "",
  external_id: "",
  ...record.view,
  state: { values: stateValues(listOf(record.view.blocks), given) },
  id: record.id,
  hash: record.hash,
  team_id: team.id,
  app_id: app.id,
  app_installed_team_id: team.id,
  bot_id: app.bot,
  root_view_id: record.root === "" ? record.id : record.root,
  previous_view_id: record.previous,
});

export function pageModal(record: ViewRecord | undefined): PageModal | null {
  if (record === undefined) return null;
  const { view, id, hash, depth } = record;
  const text = (key: string): string => textOf(fieldsOf(view[key]).text);
  const submit = text("submit");
  return {
    id,
    hash,
    title: text("title"),
    submit: submit === "" ? null : submit,
    close: text("close") || "Cancel",
    blocks: listOf(view.blocks),
    depth,
  };
}

/** Tells the person's pages which modal is uppermost now. */
function showModal(world: World, user: string): void {
  const modal = pageModal(world.threads.modals(user).at(-1));
  world.feed.toPerson(user, { type: "modal", modal });
  world.feed.toTests({ type: "modal-of", to: user, modal });
}

export const newHash = (world: World): string => `${Math.floor(world.now() / 1000)}.${slackId("", 8)}`;

/** @throws SlackError `duplicate_external_id` */
function checkExternalId(world: World, view: Fields, own: string | null): void {
  const externalId = textOf(view.external_id);
  const taken = externalId === "" ? null : world.threads.viewByExternalId(externalId);
  if (taken !== null && taken.id !== own) throw new SlackError("duplicate_external_id");
}

/** A first modal; another that was open is gone. */
export function openModal(world: World, user: string, view: Fields): ViewRecord {
  for (const open of world.threads.modals(user)) world.threads.removeView(open.id);
  return addModal(world, user, view);
}

/**
 * One modal more on the stack.
 * @throws SlackError `push_limit_reached`
 */
export function addModal(world: World, user: string, view: Fields): ViewRecord {
  const stack = world.threads.modals(user);
  if (stack.length >= bounds.view.stack) throw new SlackError("push_limit_reached");
  checkExternalId(world, view, null);
  const id = slackId("V");
  const record: ViewRecord = {
    id,
    kind: "modal",
    user,
    hash: newHash(world),
    view,
    depth: stack.length,
    root: stack[0]?.id ?? id,
    previous: stack.at(-1)?.id ?? null,
  };
  world.threads.putView(record);
  showModal(world, user);
  return record;
}

/** What a view says now, and whoever looks at it sees it. */
export function changeView(world: World, known: ViewRecord, view: Fields): ViewRecord {
  checkExternalId(world, view, known.id);
  const record: ViewRecord = { ...known, hash: newHash(world), view };
  world.threads.putView(record);
  if (known.kind === "modal") showModal(world, known.user);
  else showHome(world, record);
  return record;
}

export function putHome(world: World, user: string, view: Fields): ViewRecord {
  const known = world.threads.home(user);
  if (known !== null) return changeView(world, known, view);
  checkExternalId(world, view, null);
  const id = slackId("V");
  const record: ViewRecord = {
    id,
    kind: "home",
    user,
    hash: newHash(world),
    view,
    depth: 0,
    root: id,
    previous: null,
  };
  world.threads.putView(record);
  showHome(world, record);
  return record;
}

function showHome(world: World, record: ViewRecord): void {
  const blocks = listOf(record.view.blocks);
  world.feed.toPerson(record.user, { type: "home", blocks });
  world.feed.toTests({ type: "home-of", to: record.user, blocks });
}

/** Takes the uppermost modal away, or all; gives those that went, the uppermost first. */
export function dropModals(world: World, user: string, all: boolean): ViewRecord[] {
  const stack = world.threads.modals(user);
  const gone = all ? stack.toReversed() : stack.slice(-1);
  for (const { id } of gone) world.threads.removeView(id);
  showModal(world, user);
  return gone;
}
