import { formatRoute } from "../state/route.ts";

/** The page's place of a message's permanent address (`/archives/C1/p1721000000000100?thread_ts=…`); null for any other path. */
export function permalinkHash(url: URL): string | null {
  const [, channel, seconds, micros] = /^\/archives\/([A-Z0-9]{2,32})\/p(\d{1,10})(\d{6})$/.exec(url.pathname) ?? [];
  if (channel === undefined) return null;
  const root = url.searchParams.get("thread_ts");
  const thread = root !== null && /^\d{1,12}\.\d{1,12}$/.test(root) ? root : `${seconds}.${micros}`;
  return formatRoute({ view: "channel", channel, thread });
}
