import { z } from "zod";
import { originOf } from "../origin.ts";
import type { Listener, ListenerParts } from "./types.ts";

const Stamped = z.object({ event_time: z.number() });
const TokensRevoked = z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }) });

async function revoke(parts: ListenerParts, body: unknown, type: string): Promise<void> {
  const origin = originOf(body);
  const { data: stamped } = Stamped.safeParse(body);
  if (origin === null || stamped === undefined) return parts.log.warn("slack: ignored", { type, why: "malformed" });
  parts.log.info("slack: the app was removed", { type, ...origin });
  await parts.revoke({ origin, at: stamped.event_time * 1000 });
}

/** The app was removed, or its bot token was taken back; Slack sends both, in either order. */
export const uninstalled: Listener = {
  uses: { events: ["app_uninstalled", "tokens_revoked"] },
  listen(app, parts) {
    app.event("app_uninstalled", ({ body }) => revoke(parts, body, "app_uninstalled"));
    app.event("tokens_revoked", async ({ body, event }) => {
      const revoked = TokensRevoked.safeParse(event);
      // Tokens of people are not asked for; losing one ends nothing.
      if (revoked.success && (revoked.data.tokens.bot ?? []).length > 0) await revoke(parts, body, "tokens_revoked");
    });
  },
};
