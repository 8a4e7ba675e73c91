import type { PageShortcut } from "../../workspace/page-api.ts";
import { reasonOf } from "../state/session.ts";
import type { Deck } from "./deck.ts";
import type { MenuItem } from "./menu.tsx";

/** The app's shortcuts of a kind, as items of a menu. */
export function shortcutItems(
  { session, state }: Pick<Deck, "session" | "state">,
  kind: PageShortcut["kind"],
  message?: { channel: string; ts: string },
): MenuItem[] {
  return (state.shortcuts ?? [])
    .filter((shortcut) => shortcut.kind === kind)
    .map((shortcut) => ({
      label: shortcut.name,
      icon: "bolt",
      testId: `shortcut-${shortcut.callbackId}`,
      onPick: () => {
        session.api.shortcut(shortcut.callbackId, message).catch((thrown: unknown) => session.toast(reasonOf(thrown)));
      },
    }));
}
