import { checkBlocks } from "../blocks.ts";
import { slackId } from "../ids.ts";
import { fieldsOf, textOf, type Fields } from "../json.ts";
import type { ViewRecord } from "../records.ts";
import { app, team } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";
import { makeIds } from "./content.ts";
import { optionalText, personOf } from "./common.ts";

/** A view as Slack gives it back. */
export const apiView = (record: ViewRecord): Fields => ({
  private_metadata: "",
  callback_id: "",
  state: { values: {} },
  ...record.view,
  id: record.id,
  hash: record.hash,
  team_id: team.id,
  app_id: app.id,
  bot_id: app.bot,
  root_view_id: record.id,
  previous_view_id: null,
});

function readView(args: Fields, kind: "home" | "modal"): Fields {
  const view = fieldsOf(args.view);
  if (view.type !== kind) {
    const messages = [`[ERROR] must be ${kind} [json-pointer:/view/type]`];
    throw new SlackError("invalid_arguments", { response_metadata: { messages } });
  }
  if (JSON.stringify(view).length > 250_000) throw new SlackError("view_too_large");
  return { ...view, blocks: makeIds(checkBlocks(view.blocks ?? [], kind, "/view/blocks")) };
}

function store(world: World, known: ViewRecord | null, kind: ViewRecord["kind"], user: string, view: Fields): Fields {
  const hash = `${Math.floor(world.now() / 1000)}.${slackId("", 8)}`;
  const record: ViewRecord = { id: known?.id ?? slackId("V"), kind, user, hash, view };
  world.threads.putView(record);
  return { view: apiView(record) };
}

const checkHash = (args: Fields, known: ViewRecord | null): void => {
  const hash = optionalText(args, "hash");
  if (hash !== undefined && known !== null && known.hash !== hash) throw new SlackError("hash_conflict");
};

export function publishView(world: World, args: Fields): Fields {
  const user = personOf(textOf(args.user_id), "invalid_arguments").id;
  const view = readView(args, "home");
  const known = world.threads.home(user);
  checkHash(args, known);
  const stored = store(world, known, "home", user, view);
  world.feed.toPerson(user, { type: "home", blocks: view.blocks as unknown[] });
  return stored;
}

export function openView(world: World, args: Fields): Fields {
  const trigger = world.hooks.useTrigger(textOf(args.trigger_id ?? args.interactivity_pointer), world.now());
  if (typeof trigger === "string") throw new SlackError(trigger);
  return store(world, null, "modal", trigger.user, readView(args, "modal"));
}

export function updateView(world: World, args: Fields): Fields {
  const known = world.threads.view(textOf(args.view_id));
  if (known === null) throw new SlackError("not_found");
  checkHash(args, known);
  return store(world, known, known.kind, known.user, readView(args, known.kind));
}
