import { z } from "zod";
import { KernelError } from "../errors.ts";

/** The model Anthropic is asked for when only a key is set; in the catalogue of the pinned `@ai-sdk/anthropic`. */
export const defaultAnthropicModel = "claude-sonnet-5-5";
/** The same for OpenAI, from the catalogue of the pinned `@ai-sdk/openai`. */
export const defaultOpenAIModel = "gpt-5.5";

// An empty line in `.env` means "not set".
const blank = (value: unknown): unknown => (typeof value === "string" && value.trim() === "" ? undefined : value);
const text = z.preprocess(blank, z.string("must be text").trim().optional());
const secret = z.preprocess(
  blank,
  z
    .string("must be text")
    .trim()
    .regex(/^[\x21-\x7e]+$/, "holds a space, a line break or a letter that no key has; paste it again")
    .optional(),
);
const baseUrl = z.preprocess(
  blank,
  z
    .string("must be text")
    .trim()
    .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), "must start with http:// or https://")
    .transform((value) => value.replace(/\/+$/, ""))
    .optional(),
);
const segment = z.preprocess(
  blank,
  z
    .string("must be text")
    .trim()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be the id alone: letters, digits, - and _")
    .optional(),
);

/** The variables that decide which model answers. Everything else in the environment is left alone. */
export const ModelEnv = z.object({
  MODEL: text,
  MODEL_EYES: z.preprocess(
    (value) => (typeof value === "string" ? blank(value.trim().toLowerCase()) : value),
    z.enum(["yes", "no"], "must be yes or no").optional(),
  ),
  ANTHROPIC_API_KEY: secret,
  ANTHROPIC_BASE_URL: baseUrl,
  OPENAI_API_KEY: secret,
  OPENAI_BASE_URL: baseUrl,
  COMPAT_API_KEY: secret,
  COMPAT_BASE_URL: baseUrl,
  OLLAMA_BASE_URL: baseUrl,
  CLOUDFLARE_ACCOUNT_ID: segment,
  AI_GATEWAY_ID: segment,
  AI_GATEWAY_TOKEN: secret,
  /** Pause between two words of the rehearsal model, in milliseconds. */
  REHEARSAL_DELAY_MS: z.preprocess(
    blank,
    z.coerce.number("must be a number of milliseconds").min(0, "must not be negative").max(10_000).optional(),
  ),
});
export type ModelEnv = z.infer<typeof ModelEnv>;

/**
 * The model variables of an environment (`process.env`, or a Worker's `env` with its bindings).
 * Throws `config.invalid` naming the first wrong variable and never its value.
 */
export function readModelEnv(source: object): ModelEnv {
  const parsed = ModelEnv.safeParse(source);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new KernelError("config.invalid", `${String(issue?.path[0])} ${issue?.message}. Mend it in .env and restart.`);
}
