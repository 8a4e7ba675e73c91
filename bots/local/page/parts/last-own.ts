import type { PageMessage } from "../../workspace/page-api.ts";

/** The stamp of the message a person wrote last, or null. */
export const lastOwn = (messages: readonly PageMessage[] | undefined, me: string): string | null =>
  messages?.findLast((message) => message.user === me && !message.ephemeral)?.ts ?? null;
