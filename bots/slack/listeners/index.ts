import { access } from "./access.ts";
import { links } from "./links.ts";
import { messages } from "./messages.ts";
import { presses } from "./presses.ts";
import { stops } from "./stops.ts";
import { commands } from "./commands.ts";
import { edits } from "./edits.ts";
import { home } from "./home.ts";
import { settings } from "./settings.ts";
import { shortcuts } from "./shortcuts.ts";
import type { Listener } from "./types.ts";
import { uninstalled } from "./uninstalled.ts";

/** Every part of the app. The manifest is made of the same list. */
export const listeners: readonly Listener[] = [
  links,
  messages,
  presses,
  stops,
  edits,
  home,
  settings,
  commands,
  shortcuts,
  uninstalled,
  access,
];
