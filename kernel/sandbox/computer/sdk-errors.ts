import { z } from "zod";
import { KernelError } from "../../errors.ts";

/**
 * The code of an SDK error. Most of the SDK's error classes are not exported, but each carries its code; a message is
 * never looked at.
 */
export function sdkCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("code" in thrown)) return null;
  return typeof thrown.code === "string" ? thrown.code : null;
}

const Startup = z.object({ context: z.object({ phase: z.literal("startup") }) });

/** A box that broke off as it started: the SDK has one code for that and for its own faults, and tells by the phase. */
const failedToStart = (thrown: unknown): boolean =>
  sdkCode(thrown) === "INTERNAL_ERROR" && Startup.safeParse(thrown).success;

/** What is worth trying again as it is, because nothing has been done yet. */
export const isUnavailable = (thrown: unknown): boolean => {
  const code = sdkCode(thrown);
  return code === "CONTAINER_UNAVAILABLE" || code === "INTERPRETER_NOT_READY" || failedToStart(thrown);
};

/**
 * The connection or the box went away while a call was under way. The first call after a destroy ends so, too. What has
 * no code at all is the stream of a connection that broke.
 */
export const isInterrupted = (thrown: unknown): boolean => {
  const code = sdkCode(thrown);
  return code === null || code === "OPERATION_INTERRUPTED" || code === "RPC_TRANSPORT_ERROR";
};

/** Anything the SDK throws, as one of ours, with a sentence that holds none of its text. `about` is a path or an id. */
export function boxError(thrown: unknown, about = ""): KernelError {
  if (thrown instanceof KernelError) return thrown;
  const named = about === "" ? "It" : about;
  const made = (code: ConstructorParameters<typeof KernelError>[0], text: string, retryable = false): KernelError =>
    new KernelError(code, text, { cause: thrown, retryable });
  if (isUnavailable(thrown))
    return made("computer.unavailable", "The computer could not be started just now. Try again in a moment.", true);
  switch (sdkCode(thrown)) {
    case "FILE_NOT_FOUND":
      return made("file.not_found", `${named} is not there.`);
    case "IS_DIRECTORY":
      return made("path.invalid", `${named} is a folder.`);
    case "NOT_DIRECTORY":
      return made("path.invalid", `A part of the path ${about} is a file and not a folder.`);
    case "PERMISSION_DENIED":
    case "READ_ONLY":
    case "NAME_TOO_LONG":
    case "TOO_MANY_LINKS":
    case "VALIDATION_FAILED":
      return made("path.invalid", `${named} cannot be used in the computer: it may not be read or written there.`);
    case "FILE_TOO_LARGE":
      return made("file.too_large", `${named} is too large.`);
    case "NO_SPACE":
      return made("limit.disk", "The computer's disk is full. Delete something in it first.");
    case "PROCESS_NOT_FOUND":
      return made("computer.not_found", `There is no process ${about} in this computer.`);
    case null:
    case "OPERATION_INTERRUPTED":
    case "RPC_TRANSPORT_ERROR":
    case "SESSION_DESTROYED":
    case "SESSION_TERMINATED":
      return made(
        "computer.interrupted",
        "The computer went away in the middle of this. It may have been done in part; look before you try again.",
      );
    default:
      return made("computer.unavailable", "The computer did not answer as it should.");
  }
}
