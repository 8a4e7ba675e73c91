import { textOf, type Fields } from "../json.ts";
import type { ViewRecord } from "../records.ts";
import { SlackError } from "../slack-error.ts";
import { readView } from "../view-content.ts";
import { addModal, apiView, changeView, openModal, putHome } from "../view-store.ts";
import type { World } from "../world.ts";
import { optionalText, personOf } from "./common.ts";

const checkHash = (args: Fields, known: ViewRecord | null): void => {
  const hash = optionalText(args, "hash");
  if (hash !== undefined && known !== null && known.hash !== hash) throw new SlackError("hash_conflict");
};

/** Whose press this is; a trigger is good once and for three seconds. */
function presser(world: World, args: Fields): string {
  const trigger = world.hooks.useTrigger(textOf(args.trigger_id ?? args.interactivity_pointer), world.now());
  if (typeof trigger === "string") throw new SlackError(trigger);
  return trigger.user;
}

export function publishView(world: World, args: Fields): Fields {
  const user = personOf(textOf(args.user_id), "invalid_arguments").id;
  const view = readView(args.view, "home");
  checkHash(args, world.threads.home(user));
  return { view: apiView(putHome(world, user, view)) };
}

export function openView(world: World, args: Fields): Fields {
  const view = readView(args.view, "modal");
  return { view: apiView(openModal(world, presser(world, args), view)) };
}

/** On top of the modal in which the person pressed. */
export function pushView(world: World, args: Fields): Fields {
  const view = readView(args.view, "modal");
  const user = presser(world, args);
  if (world.threads.modals(user).length === 0) throw new SlackError("not_found");
  return { view: apiView(addModal(world, user, view)) };
}

export function updateView(world: World, args: Fields): Fields {
  const id = optionalText(args, "view_id");
  const externalId = optionalText(args, "external_id");
  if (id === undefined && externalId === undefined) throw new SlackError("invalid_arguments");
  const known = id === undefined ? world.threads.viewByExternalId(externalId ?? "") : world.threads.view(id);
  if (known === null) throw new SlackError("not_found");
  checkHash(args, known);
  return { view: apiView(changeView(world, known, readView(args.view, known.kind))) };
}
