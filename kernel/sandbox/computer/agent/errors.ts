/** Codes of the SDK that the program in the box answers with; the SDK makes its typed errors of them. */
export type AgentErrorCode =
  | "FILE_NOT_FOUND"
  | "PERMISSION_DENIED"
  | "FILE_EXISTS"
  | "IS_DIRECTORY"
  | "NOT_DIRECTORY"
  | "FILE_TOO_LARGE"
  | "NO_SPACE"
  | "TOO_MANY_FILES"
  | "RESOURCE_BUSY"
  | "READ_ONLY"
  | "NAME_TOO_LONG"
  | "TOO_MANY_LINKS"
  | "FILESYSTEM_ERROR"
  | "COMMAND_EXECUTION_ERROR"
  | "PROCESS_NOT_FOUND"
  | "PROCESS_ERROR"
  | "SESSION_ALREADY_EXISTS"
  | "SESSION_DESTROYED"
  | "INVALID_PORT"
  | "GIT_REPOSITORY_NOT_FOUND"
  | "GIT_BRANCH_NOT_FOUND"
  | "GIT_AUTH_FAILED"
  | "GIT_NETWORK_ERROR"
  | "INVALID_GIT_URL"
  | "GIT_CLONE_FAILED"
  | "BACKUP_CREATE_FAILED"
  | "BACKUP_RESTORE_FAILED"
  | "WATCH_START_ERROR"
  | "VALIDATION_FAILED"
  | "INTERNAL_ERROR";

export type ErrorDetails = Record<string, string | number | boolean | null>;

/**
 * An error as the SDK reads it off the wire: capnweb carries an error's own properties, and the SDK looks at `code` and
 * `details` (its `translateRPCError`).
 */
export class AgentError extends Error {
  readonly code: AgentErrorCode;
  readonly details: ErrorDetails;

  constructor(code: AgentErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

const byErrno: Record<string, AgentErrorCode> = {
  ENOENT: "FILE_NOT_FOUND",
  EACCES: "PERMISSION_DENIED",
  EPERM: "PERMISSION_DENIED",
  EEXIST: "FILE_EXISTS",
  EISDIR: "IS_DIRECTORY",
  ENOTDIR: "NOT_DIRECTORY",
  EFBIG: "FILE_TOO_LARGE",
  ENOSPC: "NO_SPACE",
  EDQUOT: "NO_SPACE",
  EMFILE: "TOO_MANY_FILES",
  ENFILE: "TOO_MANY_FILES",
  EBUSY: "RESOURCE_BUSY",
  EROFS: "READ_ONLY",
  ENAMETOOLONG: "NAME_TOO_LONG",
  ELOOP: "TOO_MANY_LINKS",
  EMLINK: "TOO_MANY_LINKS",
};

export const errnoOf = (thrown: unknown): string =>
  typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";

/** What went wrong with a file, as the SDK's error. */
export function fileError(thrown: unknown, path: string, operation: string): AgentError {
  if (thrown instanceof AgentError) return thrown;
  const errno = errnoOf(thrown);
  const code = byErrno[errno] ?? "FILESYSTEM_ERROR";
  const why = code === "FILE_NOT_FOUND" ? "File not found" : `${operation} failed (${errno || "unknown"})`;
  return new AgentError(code, `${why}: ${path}`, { path, operation });
}
