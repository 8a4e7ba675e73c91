import { setTimeout as pause } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { checkArguments, openArguments, strangeArguments } from "./arguments.ts";
import { readArguments } from "./body.ts";
import { contractOf } from "./contract/contract.ts";
import type { ServedMethod } from "./contract/served.ts";
import type { Fault, Faults } from "./faults.ts";
import { textOf, type Fields } from "./json.ts";
import { methods } from "./methods/index.ts";
import { rulesFor, type RateMode, type Rates } from "./rates.ts";
import type { Ring } from "./ring.ts";
import { SlackError } from "./slack-error.ts";
import type { Caller } from "./tokens.ts";
import type { World } from "./world.ts";

/** One call of the Web API as it was answered; the token is left out. */
export interface RecordedCall {
  method: string;
  args: Fields;
  /** Arguments that the method's schema does not name: Slack says nothing of them, and so they stay unnoticed there. */
  strange: string[];
  at: number;
  /** From the whole request to its answer, in milliseconds. */
  tookMs: number;
  ok: boolean;
  error: string | null;
  response: Fields;
}

/** A call that has come and waits by a fault. */
export type HeldCall = Pick<RecordedCall, "method" | "args">;

export interface WebApiOptions {
  world: World;
  faults: Faults;
  rates: Rates;
  rateMode(): RateMode;
  calls: Ring<RecordedCall>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Fields;
}
const refuse = (error: string, extra: Fields = {}): Answer => ({
  status: 200,
  headers: {},
  body: { ok: false, error, ...extra },
});
const tooMany = (seconds: number): Answer => ({
  ...refuse("ratelimited"),
  status: 429,
  headers: { "retry-after": String(seconds) },
});

function faultAnswer(fault: Fault | null): Answer | null {
  if (fault?.retryAfter !== undefined) return tooMany(fault.retryAfter);
  if (fault?.error !== undefined) return refuse(fault.error);
  if (fault?.status !== undefined)
    return { status: fault.status, headers: {}, body: { ok: false, error: "http_error" } };
  return null;
}

const nobody: Caller = { token: "", team: "", org: false, scopes: [] };

/**
 * Whose token it is; a method is for one kind of token, and OAuth's own for none.
 * @throws SlackError as Slack refuses the token
 */
function callerOf(world: World, method: string, token: string): Caller {
  if (method.startsWith("oauth.")) return nobody;
  if (token === "") throw new SlackError("not_authed");
  const appLevel = method === "apps.connections.open";
  if (token === world.setup.appToken) {
    if (appLevel) return nobody;
    throw new SlackError("not_allowed_token_type");
  }
  const caller = world.tokens.caller(token, world.now());
  if (appLevel) throw new SlackError("not_allowed_token_type");
  return caller;
}

/** A client that names itself by HTTP Basic, as OAuth allows. */
function clientOf(header: string): Fields {
  const [id, ...secret] = Buffer.from(header.slice("Basic ".length), "base64").toString().split(":");
  return { client_id: decodeURIComponent(id ?? ""), client_secret: decodeURIComponent(secret.join(":")) };
}

/** As a test sees them: opened, and without what is secret. */
function shownArguments(raw: Fields): Fields {
  const { token: _token, client_secret: _secret, ...args } = raw;
  return openArguments(args);
}

function answer(options: WebApiOptions, method: string, raw: Fields, token: string): Answer {
  const { world, rates } = options;
  const contract = contractOf(method);
  if (contract === null) return refuse("unknown_method", { req_method: method });
  const caller = callerOf(world, method, token);
  const granted = caller.scopes;
  const scopes = { "x-oauth-scopes": granted.join(","), "x-accepted-oauth-scopes": contract.scopes.join(",") };
  if (contract.scopes.length > 0 && !contract.scopes.some((scope) => granted.includes(scope))) {
    return refuse("missing_scope", { needed: contract.scopes.join(","), provided: granted.join(",") });
  }
  const wait = rates.take(rulesFor(method, contract, raw, options.rateMode()), world.now());
  if (wait > 0) return tooMany(wait);
  const body = methods[method as ServedMethod](world, checkArguments(method, contract, raw), caller);
  return { status: 200, headers: scopes, body: { ok: true, ...body } };
}

/** `/api/:method`, as https://slack.com/api/. */
export function webApi(options: WebApiOptions): Hono<{ Bindings: HttpBindings }> {
  const { world, faults, calls } = options;
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.on(["GET", "POST"], "/api/:method", async (c) => {
    const method = c.req.param("method");
    const began = performance.now();
    let raw: Fields = {};
    let given: Answer;
    let fault: Fault | null = null;
    const hold = async (when: "before" | "after"): Promise<void> => {
      if (fault?.hold !== when) return;
      world.feed.toTests({ type: "held", held: { method, args: shownArguments(raw) } });
      await faults.held();
    };
    try {
      raw = await readArguments(c.req.raw, contractOf(method)?.json ?? true);
      const authorization = c.req.header("authorization") ?? "";
      if (authorization.startsWith("Basic ")) raw = { ...raw, ...clientOf(authorization) };
      fault = faults.take(method, shownArguments(raw));
      const header = /^Basic /i.test(authorization) ? "" : authorization.replace(/^Bearer /i, "").trim();
      const token = header === "" ? textOf(raw.token) : header;
      if (fault?.delayMs !== undefined) await pause(fault.delayMs, undefined, { ref: false });
      await hold("before");
      const skipped = fault?.drop === "before" ? refuse("dropped") : faultAnswer(fault);
      given = skipped ?? answer(options, method, raw, token);
      await hold("after");
    } catch (thrown) {
      if (thrown instanceof SlackError) given = refuse(thrown.error, thrown.extra);
      else given = { ...refuse("internal_error", { detail: String(thrown) }), status: 500 };
    }
    const args = shownArguments(raw);
    const ok = given.body.ok === true;
    const call: RecordedCall = {
      method,
      args,
      strange: strangeArguments(contractOf(method), args),
      at: world.now(),
      tookMs: performance.now() - began,
      ok,
      error: ok ? null : textOf(given.body.error),
      response: given.body,
    };
    calls.push(call);
    world.feed.toTests({ type: "call", call });
    if (fault?.drop !== undefined) {
      c.env.outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    if (fault?.status !== undefined) return new Response("The service is not available.", { status: fault.status });
    return new Response(JSON.stringify(given.body), {
      status: given.status,
      headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...given.headers },
    });
  });
  return routes;
}
