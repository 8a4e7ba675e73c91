import type { Listener, Shortcut, SlashCommand } from "./listeners/types.ts";

/** What all parts of the app together want of Slack. */
export interface AllUses {
  events: string[];
  commands: SlashCommand[];
  shortcuts: Shortcut[];
  home: boolean;
  unfurls: boolean;
}

export function usesOf(listeners: readonly Listener[]): AllUses {
  const all = listeners.map((listener) => listener.uses);
  return {
    events: [...new Set(all.flatMap((uses) => uses.events ?? []))].toSorted(),
    commands: all.flatMap((uses) => uses.commands ?? []),
    shortcuts: all.flatMap((uses) => uses.shortcuts ?? []),
    home: all.some((uses) => uses.home === true),
    unfurls: all.some((uses) => uses.unfurls === true),
  };
}
