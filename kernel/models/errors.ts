import { ErrorCode, KernelError } from "../errors.ts";
import type { ModelChoice, ProviderName } from "./choose.ts";

/*
 * What providers throw, as our own errors. It is read structurally and not by class: the same error comes thrown, as a
 * value inside a stream, wrapped by a retry, or as a bare string after it was stored. Nothing of its text is passed on:
 * bodies and addresses can hold keys and people's words.
 */

interface Facts {
  status: number | undefined;
  /** Everything it says of itself, lower case, for the few cases that only words tell. */
  words: string;
  name: string;
  headers: Record<string, unknown>;
}

const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** Goes through retries and causes to the error that says most; at most a few steps deep. */
function innermost(thrown: unknown): unknown {
  let at = thrown;
  for (let depth = 0; depth < 5; depth++) {
    const found = record(at);
    if (!found || found["statusCode"] !== undefined || at instanceof KernelError) return at;
    const nested = found["lastError"] ?? (record(found["error"]) ? found["error"] : undefined) ?? found["cause"];
    if (nested === undefined || nested === null) return at;
    at = nested;
  }
  return at;
}

function factsOf(thrown: unknown): Facts {
  const found = record(thrown);
  if (!found) return { status: undefined, words: text(thrown).toLowerCase(), name: "", headers: {} };
  const data = record(found["data"]);
  const inner = record(data?.["error"]) ?? data;
  const words = [found["message"], found["type"], found["code"], found["responseBody"]]
    .concat([inner?.["type"], inner?.["code"], inner?.["message"]])
    .map(text)
    .join("\n")
    .slice(0, 20_000);
  const status = Number(found["statusCode"] ?? found["status"]);
  return {
    status: Number.isFinite(status) && status >= 100 ? status : undefined,
    words: words.toLowerCase(),
    name: text(found["name"]),
    headers: record(found["responseHeaders"]) ?? {},
  };
}

/** Anthropic says it only in words, OpenAI by a code, Ollama and others in words of their own. */
const tooLong =
  /prompt is too long|context[_ ]length|context window|maximum context|too many (?:input )?tokens|input length and .?max_tokens|exceeds? the (?:available )?context|request_too_large|input is too long/;
const noCredit = /insufficient_quota|credit balance|billing_error|billing_hard_limit|payment required/;
const timedOut = /timed? ?out|timeout|deadline/;
/** An error of ours that went through a store, a stream or a retry as its message. */
const stored =
  /^(?:Failed after \d+ attempts[^:]{0,60}: '?(?:AI_\w+: )?)?(?<code>model\.(?:failed|timeout|rate_limited|unauthorized|no_eyes|too_long)): (?<sentence>[\s\S]+?)'?$/;
const aborted = /^(?:AbortError|TimeoutError|ResponseAborted)$/;

/** `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfterMs(headers: Record<string, unknown>, now: number): number | undefined {
  const ms = Number.parseFloat(text(headers["retry-after-ms"]));
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const after = text(headers["retry-after"]).trim();
  if (after === "") return undefined;
  const seconds = Number(after);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const keys: Record<ProviderName, string> = {
  anthropic: "ANTHROPIC_API_KEY",
  openai: "OPENAI_API_KEY",
  compat: "COMPAT_API_KEY",
  ollama: "OLLAMA_BASE_URL",
  rehearsal: "MODEL",
};

function classify({ status, words, name }: Facts): ErrorCode {
  if (noCredit.test(words)) return "model.unauthorized";
  if (tooLong.test(words) || status === 413) return "model.too_long";
  if (status === 401 || status === 403 || /authentication_error|permission_error|invalid_api_key/.test(words))
    return "model.unauthorized";
  if (status === 429 || /rate_limit|rate limit|too many requests/.test(words)) return "model.rate_limited";
  if (status === 408 || status === 504 || aborted.test(name)) return "model.timeout";
  if (status === undefined && timedOut.test(words)) return "model.timeout";
  return "model.failed";
}

const wait = (ms: number | undefined): string => {
  if (ms === undefined) return "in a minute";
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds < 120
    ? `in ${seconds} ${seconds === 1 ? "second" : "seconds"}`
    : `in ${Math.ceil(seconds / 60)} minutes`;
};

function failedSentence({ status, words }: Facts, choice: ModelChoice | undefined): string {
  const model = choice ? `\`${choice.label}\`` : "that model";
  if (status === 404) return `The model provider does not know ${model}. Check MODEL, and the base URL if one is set.`;
  if (status === 529 || /overloaded/.test(words))
    return "The model provider is overloaded. Nothing is lost: please ask again in a minute.";
  if (status !== undefined && status >= 500)
    return "The model provider failed on its side. Nothing is lost: please ask again in a minute.";
  if (/cannot connect|econnrefused|enotfound|fetch failed|network|connection/.test(words))
    return choice?.provider === "ollama"
      ? "Ollama cannot be reached. Start it with `ollama serve`, or set OLLAMA_BASE_URL."
      : "The model provider cannot be reached. Check the network and the base URL if one is set, then ask again.";
  if (status !== undefined && status >= 400)
    return "The model provider refused the request. Try to ask in another way or in a new thread; if it stays, check MODEL.";
  return "The model stopped with an error. Nothing is lost: please ask again.";
}

function sentence(code: ErrorCode, facts: Facts, after: number | undefined, choice: ModelChoice | undefined): string {
  switch (code) {
    case "model.rate_limited":
      return `The model provider is limiting how often it may be asked. Please ask again ${wait(after)}.`;
    case "model.unauthorized":
      if (noCredit.test(facts.words))
        return "The model provider says that the account has no credit left. Add some there, or set another MODEL.";
      return `The model provider refused the key. Check ${choice ? keys[choice.provider] : "the key"} in .env and restart.`;
    case "model.timeout":
      return "The model took too long and was stopped. Please ask again, perhaps for less at once.";
    case "model.too_long":
      return "This is more than the model can take in at once. Start a new thread, or ask about fewer or shorter files.";
    default:
      return failedSentence(facts, choice);
  }
}

function isRetryable(code: ErrorCode, { status, words }: Facts): boolean {
  if (code === "model.rate_limited" || code === "model.timeout") return true;
  if (code !== "model.failed") return false;
  return status === undefined || status >= 500 || status === 409 || /overloaded/.test(words);
}

/**
 * Anything a model call can throw or put into its stream, as `model.rate_limited` (with `retryAfterMs` where the
 * provider said so), `model.unauthorized`, `model.timeout`, `model.too_long` or `model.failed`. With the choice, the
 * sentence names the variable to check. Holds nothing of the provider's text but as `cause`.
 */
export function modelError(thrown: unknown, choice?: ModelChoice, now: number = Date.now()): KernelError {
  const inner = innermost(thrown);
  if (inner instanceof KernelError) return inner;
  const facts = factsOf(inner);
  const ours = stored.exec(text(record(inner)?.["message"] ?? inner))?.groups;
  const code = ours ? ErrorCode.parse(ours["code"]) : classify(facts);
  const after = code === "model.rate_limited" ? retryAfterMs(facts.headers, now) : undefined;
  return new KernelError(code, ours?.["sentence"] ?? sentence(code, facts, after, choice), {
    retryable: isRetryable(code, facts),
    retryAfterMs: after,
    cause: thrown,
  });
}
