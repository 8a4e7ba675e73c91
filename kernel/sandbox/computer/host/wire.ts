import { z } from "zod";
import { limits } from "../../../limits.ts";
import { AllowedHost } from "../allowed-hosts.ts";

/*
 * What is said between the host of jails and whoever drives it. Nothing here needs Node: the Worker reads it too.
 */

/** The header with the host's token; never handed on into a box. */
export const tokenHeader = "x-deckhand-host-token";
/** On an answer of the host itself, not of something in the box: why. */
export const hostHeader = "x-deckhand-host";
/** The port of a box that is the program which serves it. */
export const controlPort = 3000;

export const BoxId = z.string().regex(/^[a-z0-9-]{1,64}$/);

const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
export const StartRequest = z.strictObject({
  /** Variables beside those every box has. */
  env: z
    .record(EnvName, z.string().max(8_000))
    .refine((all) => Object.keys(all).length <= 64, "at most 64 variables")
    .optional(),
});
export type StartRequest = z.infer<typeof StartRequest>;

export const EgressRequest = z.strictObject({ hosts: z.array(AllowedHost).max(limits.computer.maxEgressHosts) });
/** Where calls of `http://deckhand.internal/` go. */
export const WorkerRequest = z.strictObject({ url: z.url(), token: z.string().min(16).max(200) });
export type WorkerRequest = z.infer<typeof WorkerRequest>;

/** How a box ended: the limit that ended it, when one did. */
export const Ended = z.object({
  exitCode: z.number().int(),
  limit: z.enum(["disk", "memory"]).nullable(),
  message: z.string(),
});
export type Ended = z.infer<typeof Ended>;

export const Figures = z.object({
  /** Null where nothing measures it. */
  memoryBytes: z.number().nullable(),
  tasks: z.number().nullable(),
  diskBytes: z.number().nullable(),
  /** Processes in the box that were ended for want of memory, since it was started. */
  memoryKills: z.number(),
  /** Times a process could not be started because there were too many. */
  taskRefusals: z.number(),
  /** Times it asked for a host that it may not reach. */
  hostRefusals: z.number(),
  /** What it was told of the last of them. */
  refusedHosts: z.array(z.string()),
});
export type Figures = z.infer<typeof Figures>;

export const BoxState = z.object({
  state: z.enum(["running", "asleep", "none"]),
  startedAt: z.number().nullable(),
  ended: Ended.nullable(),
  allowed: z.array(z.string()),
  figures: Figures,
});
export type BoxState = z.infer<typeof BoxState>;

export const HostError = z.object({ error: z.string() });
