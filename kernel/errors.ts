import { z } from "zod";

/**
 * What can go wrong, as codes. An adapter turns one into a notice, the model gets code and message, and nobody tests a
 * message string. Add a code here before throwing it.
 */
export const errorCodes = [
  "input.invalid", // a tool or border was given something its schema refuses
  "path.invalid", // `..`, backslash, NUL, encoded dots, unknown prefix
  "file.not_found",
  "file.empty",
  "file.too_large",
  "file.not_the_file", // the platform sent a login page in place of the bytes
  "file.unreachable",
  "file.changed", // the object moved on since it was read
  "file.unsupported",
  "pdf.encrypted",
  "pdf.broken",
  "pdf.too_large", // pages, characters or time: the message says which
  "limit.cpu",
  "limit.wall",
  "limit.memory",
  "limit.output",
  "limit.queue",
  "limit.calls", // calls one program may make
  "limit.disk",
  "computer.unsupported", // this kind of computer cannot do it: the message names kind and thing
  "computer.not_found", // no box, process or snapshot of that name
  "computer.unavailable", // the box could not be started or reached
  "computer.interrupted", // the box went away in the middle of the call
  "repo.not_found",
  "repo.taken",
  "repo.dirty", // changes that are not committed
  "repo.conflict",
  "repo.corrupt", // what it holds is not what its ids say
  "repo.failed", // git said no: the message has its last line
  "code.failed", // the program itself threw
  "code.refused", // the program asked for something that is closed
  "site.invalid",
  "site.taken",
  "site.not_found",
  "tool.unknown",
  "tool.failed",
  "tool.interrupted",
  "approval.not_found",
  "approval.not_yours",
  "approval.decided",
  "approval.expired",
  "approval.changed", // what was approved is no longer what would run
  "approval.denied",
  "account.none", // nothing is connected that could be asked
  "model.failed",
  "model.timeout",
  "model.rate_limited",
  "model.unauthorized",
  "model.no_eyes",
  "model.too_long",
  "platform.rate_limited",
  "platform.refused",
  "platform.unreachable",
  "platform.later", // all is shown but for what has its own time (`retryAfterMs`); what is new may come before that
  "installation.gone", // the app is not, or no longer, installed there
  "config.invalid",
  "internal",
] as const;
export const ErrorCode = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** A KernelError as data: what crosses RPC and what is stored. */
export const ErrorShape = z.object({
  code: ErrorCode,
  retryable: z.boolean(),
  /** One plain sentence for a person, saying what to do next where there is something to do. Never a secret. */
  userMessage: z.string(),
  /** How long to wait before a retry, in milliseconds, where the other side said so. */
  retryAfterMs: z.number().optional(),
});
export type ErrorShape = z.infer<typeof ErrorShape>;

export interface KernelErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * The one error family.
 * @example throw new KernelError("file.empty", "report.pdf is empty (0 bytes). Please upload it again.")
 */
export class KernelError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly userMessage: string;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, userMessage: string, options: KernelErrorOptions = {}) {
    super(`${code}: ${userMessage}`, { cause: options.cause });
    this.name = "KernelError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.userMessage = userMessage;
    this.retryAfterMs = options.retryAfterMs;
  }

  toShape(): ErrorShape {
    return {
      code: this.code,
      retryable: this.retryable,
      userMessage: this.userMessage,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }

  static from(shape: ErrorShape, cause?: unknown): KernelError {
    return new KernelError(shape.code, shape.userMessage, {
      retryable: shape.retryable,
      retryAfterMs: shape.retryAfterMs,
      cause,
    });
  }

  /** Anything thrown, as one of ours. What is not ours becomes `code` with a sentence that holds none of its text. */
  static wrap(thrown: unknown, code: ErrorCode, userMessage: string): KernelError {
    return thrown instanceof KernelError ? thrown : new KernelError(code, userMessage, { cause: thrown });
  }
}

/** A value or an error as data. Classes do not survive RPC between Durable Objects; this does. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: ErrorShape };

/** Runs `work` and gives its outcome; an error that is not ours is `internal`. */
export async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: KernelError.wrap(thrown, "internal", "Something failed inside Deckhand.").toShape() };
  }
}

/** The value of an outcome, or its error thrown. */
export function unwrap<T>(result: Outcome<T>): T {
  if (result.ok) return result.value;
  throw KernelError.from(result.error);
}
