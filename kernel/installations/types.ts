import { z } from "zod";
import type { Outcome } from "../errors.ts";
import type { InstallationId } from "../ids.ts";

/** What a platform gives when the app is installed, or when its access is renewed. */
export const Grant = z.object({
  accessToken: z.string().min(1).max(4_000),
  /** Null when the access token does not expire. */
  refreshToken: z.string().min(1).max(4_000).nullable(),
  /** How long the access token lives from now on; null for ever. */
  expiresInMs: z.number().positive().nullable(),
});
export type Grant = z.infer<typeof Grant>;

/** Who installed what and where, beside the tokens; shown to people. */
export const About = z.object({
  /** The workspace's or organisation's name. */
  name: z.string().max(200),
  app: z.string().max(100),
  /** The app's own user there. */
  bot: z.string().max(100).nullable(),
  installedBy: z.string().max(100).nullable(),
  scopes: z.array(z.string().max(100)).max(200),
});
export type About = z.infer<typeof About>;

/** An answer to "with which token?". */
export type Lease =
  /** `until` in milliseconds since the epoch: not to be used after that. */
  | { kind: "token"; token: string; until: number | null }
  /** The workspace is served by the installation of its organisation. */
  | { kind: "elsewhere"; installation: InstallationId }
  | { kind: "none" };

/** What is asked of an installation's object. */
export interface InstallationPort {
  install(grant: Grant, about: About): Promise<Outcome<null>>;
  /** `refused`: a token that the platform no longer takes, so that it is not given again where it can be renewed. */
  lease(refused?: string): Promise<Outcome<Lease>>;
  /** Forgets the tokens. False when what is installed is newer than `at`, or nothing is. */
  remove(at: number): Promise<boolean>;
  /** The workspace belongs to an organisation that installed the app as a whole. */
  belongsTo(organisation: InstallationId): Promise<void>;
  /** The organisation's installation serves the workspace no more; one of another organisation, or its own, stands. */
  leaves(organisation: InstallationId): Promise<void>;
  /** Uses a ticket up. False when it was used before. */
  spend(ticket: string, until: number): Promise<boolean>;
}
