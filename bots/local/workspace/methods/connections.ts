import type { Fields } from "../json.ts";
import { tokensRevokedEvent } from "../events.ts";
import { app } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { Caller } from "../tokens.ts";
import type { World } from "../world.ts";

/** Where Socket Mode connects to; only an app-level token may ask. */
export function openConnection(world: World): Fields {
  const url = new URL("/link/", world.origin().replace(/^http/, "ws"));
  url.search = new URLSearchParams({ ticket: world.sockets.ticket(world.now()), app_id: app.id }).toString();
  return { url: url.href };
}

/** The token counts no more, and the app is told. */
export function revokeToken(world: World, args: Fields, caller: Caller): Fields {
  if (args.test === true) return { revoked: false };
  const record = world.tokens.get(caller.token);
  if (record === null) throw new SlackError("invalid_auth");
  world.tokens.put({ ...record, ended: true });
  world.sendEvent(tokensRevokedEvent(), caller.team);
  return { revoked: true };
}
