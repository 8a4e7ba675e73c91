import type { ThreadId, UserId } from "../ids.ts";

/*
 * Where bytes lie in R2. A user id has two colons and a thread id three, so their keys never meet.
 *   u/<user>/<path>          what a person's file holds now (the path starts with home/, uploads/ or sites/)
 *   t/<thread>/<rest>        what a file under thread/ holds now; everyone in the thread sees it
 *   v/<user>/<sha256>        every content a person's file ever had, written once
 *   v/<thread>/<sha256>      the same for thread/
 *   h/<thread>/<rest>/<n>    what a version of a file under thread/ was, written before it is replaced; n counts down,
 *                            so that R2 lists the newest first
 *   published/<slug>.json    what a site serves
 */
export const keys = {
  own: (user: UserId, path: string): string => `u/${user}/${path}`,
  shared: (thread: ThreadId, rest: string): string => `t/${thread}/${rest}`,
  content: (owner: UserId | ThreadId, sha256: string): string => `v/${owner}/${sha256}`,
  past: (thread: ThreadId, rest: string, version: number): string =>
    `h/${thread}/${rest}/${String(99_999_999 - version).padStart(8, "0")}`,
  publication: (slug: string): string => `published/${slug}.json`,
};
