import type { log } from "../../kernel/log.ts";

/** The logger as it is handed in. */
export type Log = Pick<typeof log, "debug" | "info" | "warn" | "error">;
