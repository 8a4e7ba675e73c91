import type { Logger, WebClient } from "@slack/web-api";
import { z } from "zod";
import { KernelError } from "../../kernel/errors.ts";
import { sortOf } from "./error-table.ts";
import { refused, SlackRefused } from "./errors.ts";
import { ours } from "./limits.ts";
import type { SlackMethod } from "./methods.ts";

/**
 * Where the token comes from, when it is not one for ever: asked before each call. With `refused`, a token that Slack
 * does not take any more, for another one, or the same when there is none.
 */
export type TokenSource = (refused?: string) => Promise<string>;

export interface SlackClientOptions {
  token: string | TokenSource;
  /** `https://slack.com/api/`, or the local workspace. */
  apiUrl: string;
  fetch?: typeof fetch;
}

/** One call of Slack's Web API: arguments as the method's page names them, the answer read by a schema. */
export interface SlackApi {
  /** @throws {@link SlackRefused}, or KernelError `platform.rate_limited` (with `retryAfterMs`), `platform.unreachable` */
  call<T>(method: SlackMethod, args: Record<string, unknown>, answer: z.ZodType<T>): Promise<T>;
}

/** Slack's words for a token that is over. */
const overTokens = ["token_expired", "token_revoked", "invalid_auth", "account_inactive"] as const;

const silent = (): undefined => undefined;
/** web-api writes to the console by itself; what goes wrong here is thrown and logged by who catches it. */
const quiet = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => "error",
} as unknown as Logger;

/** Errors of web-api as data: `instanceof` would need its code loaded before the first call. */
const WebApiError = z.object({
  code: z.string(),
  retryAfter: z.number().optional(),
  statusCode: z.number().optional(),
  data: z.object({ error: z.unknown() }).optional(),
});

function translate(method: SlackMethod, thrown: unknown): KernelError {
  const read = WebApiError.safeParse(thrown);
  const error = read.success ? read.data : null;
  const code = error?.data?.error;
  if (error?.code === "slack_webapi_rate_limited_error" || code === "ratelimited" || code === "rate_limited") {
    const retryAfterMs = (error?.retryAfter ?? 1) * 1000;
    return new KernelError("platform.rate_limited", "Slack asks to wait a moment.", {
      retryable: true,
      retryAfterMs,
      cause: thrown,
    });
  }
  if (error?.code === "slack_webapi_platform_error" && typeof code === "string" && /^[a-z0-9_]{1,80}$/.test(code)) {
    // Slack's own trouble: the same call may work a moment later.
    if (sortOf(method, code)?.sort === "retry") return unreachable(thrown);
    return new SlackRefused(method, code, thrown);
  }
  return unreachable(thrown);
}

const unreachable = (cause: unknown): KernelError =>
  new KernelError("platform.unreachable", "Slack cannot be reached at the moment.", { retryable: true, cause });

/**
 * Slack's Web API as workerd can use it. Calls are never repeated here: most of them are not safe to repeat, and who
 * calls knows what to look up first.
 */
export function slackClient(options: SlackClientOptions): SlackApi {
  const { token: source } = options;
  const tokenOf: TokenSource = typeof source === "string" ? async () => source : source;
  let client: { token: string; connected: Promise<WebClient> } | null = null;
  const connect = async (token: string): Promise<WebClient> => {
    // Loaded on first use: a cold acknowledgement does not need it.
    const { WebClient } = await import("@slack/web-api");
    const send = options.fetch ?? fetch;
    return new WebClient(token, {
      slackApiUrl: options.apiUrl,
      logger: quiet,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      timeout: ours.callTimeoutMs,
      // Not `send` itself: workerd's fetch refuses to be called as a method. A redirect would carry the token along.
      fetch: (input, init) => send(input, { ...init, redirect: "manual" }),
    });
  };
  const send = async (token: string, method: SlackMethod, args: Record<string, unknown>): Promise<unknown> => {
    if (client?.token !== token) client = { token, connected: connect(token) };
    const { connected } = client;
    try {
      return await (await connected).apiCall(method, args);
    } catch (thrown) {
      throw translate(method, thrown);
    }
  };
  return {
    async call(method, args, answer) {
      const token = await tokenOf();
      const raw = await send(token, method, args).catch(async (thrown: unknown) => {
        // Slack did nothing, so with a token that was renewed meanwhile the call may be made again.
        if (!refused(thrown, ...overTokens)) throw thrown;
        const other = await tokenOf(token);
        if (other === token) throw thrown;
        return send(other, method, args);
      });
      const read = answer.safeParse(raw);
      if (!read.success) throw unreachable(read.error);
      return read.data;
    },
  };
}
