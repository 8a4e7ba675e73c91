import { z } from "zod";
import type { ChatPort } from "../../kernel/chat/types.ts";
import { slackClient } from "./client.ts";
import type { TokenSource } from "./client.ts";
import { downloadFile } from "./files.ts";
import { selfOf } from "./find.ts";
import { readHistory } from "./history.ts";
import { PLATFORM, slackIds } from "./ids.ts";
import { inert } from "./inert.ts";
import { slackLimits } from "./limits.ts";
import { paceMs } from "./pace.ts";
import { readPerson } from "./people.ts";
import { paced, type AskPermit } from "./permits.ts";
import { present } from "./present.ts";
import { clipInert } from "./split.ts";

export { SlackRefused } from "./errors.ts";

export interface SlackPortOptions {
  /** The installing team's; asked for before each call when it is not one for ever. */
  token: string | TokenSource;
  /** `https://slack.com/api/`, or the local workspace. */
  apiUrl: string;
  /** Our own user; Slack is asked when it is not given and needed. */
  botUserId?: string;
  fetch?: typeof fetch;
  /** The posting clock that all threads of the workspace share; without it every call is made at once. */
  permit?: AskPermit;
}

/**
 * Slack as the kernel sees it.
 * @example const chat = slackPort({ token: env.SLACK_BOT_TOKEN, apiUrl: "https://slack.com/api/" })
 */
export function slackPort(options: SlackPortOptions): ChatPort {
  const client = slackClient(options);
  const api = options.permit ? paced(client, options.permit, (ms) => scheduler.wait(ms)) : client;
  const self = selfOf(api, options.botUserId);
  // Not stored as it is: workerd's fetch refuses to be called as a method of something else.
  const send: typeof fetch = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init));
  return {
    platform: PLATFORM,
    present: (events, view, io) => present({ api, self, apiUrl: options.apiUrl, fetch: send }, events, view, io),
    paceMs,
    async download(file, maxBytes) {
      const token = typeof options.token === "string" ? options.token : await options.token();
      return downloadFile(file, maxBytes, api, { token, apiUrl: options.apiUrl, fetch: send });
    },
    history: async (thread, before, limit, after) => readHistory(api, await self(), thread, before, limit, after),
    person: (id) => readPerson(api, id, Date.now()),
    async whisper(thread, to, text) {
      const { channel, threadTs } = slackIds.place(thread);
      await api.call(
        "chat.postEphemeral",
        {
          channel,
          user: slackIds.person(to).user,
          thread_ts: threadTs,
          text: clipInert(inert(text, { final: true }), slackLimits.sectionChars),
        },
        z.object({ ok: z.literal(true) }),
      );
    },
  };
}
