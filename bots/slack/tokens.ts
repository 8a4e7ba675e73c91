import { z } from "zod";
import { slackClient, type TokenSource } from "../../adapters/slack/client.ts";
import { PLATFORM } from "../../adapters/slack/ids.ts";
import { KernelError, unwrap } from "../../kernel/errors.ts";
import { installationId, type InstallationId } from "../../kernel/ids.ts";
import type { InstallationPort, Lease } from "../../kernel/installations/types.ts";
import { limits } from "../../kernel/limits.ts";
import type { SlackEnv } from "./env.ts";
import type { Origin } from "./origin.ts";

/** Slack says that the app was removed; `at` in milliseconds since the epoch. */
export interface Revoked {
  origin: Origin;
  at: number;
}

/** Slack says that an organisation's installation serves these workspaces from now on, or no more. */
export interface Access {
  organisation: string;
  teams: readonly string[];
  granted: boolean;
}

/** The tokens of all the workspaces that are served. */
export interface TeamTokens {
  /** For calls in a workspace. @throws KernelError `installation.gone` when the app is not installed there */
  of(team: string): TokenSource;
  /** The token for what comes from there, or null when the app is not installed. */
  from(origin: Origin): Promise<string | null>;
  revoke(revoked: Revoked): Promise<void>;
  access(access: Access): Promise<void>;
}

export interface TeamTokensOptions {
  env: Pick<SlackEnv, "apiUrl" | "botToken" | "install">;
  installation(id: InstallationId): InstallationPort;
  now?: () => number;
  fetch?: typeof fetch;
}

const idOf = (workspace: string): InstallationId => installationId.make({ platform: PLATFORM, workspace });
const gone = () => new KernelError("installation.gone", "Deckhand is not installed in this Slack workspace any more.");
const AuthTest = z.object({ team_id: z.string(), enterprise_id: z.string().nullish() });

/**
 * Where each workspace's token comes from. Without installing there is one, `SLACK_BOT_TOKEN`, and nothing is looked up.
 * With it a workspace's own installation comes first, then its organisation's; `SLACK_BOT_TOKEN` serves the workspace
 * that `auth.test` says it is of, and no other.
 */
export function teamTokens(options: TeamTokensOptions): TeamTokens {
  const { botToken } = options.env;
  return options.env.install === null && botToken !== null ? oneToken(botToken) : installedTokens(options);
}

const oneToken = (token: string): TeamTokens => ({
  of: () => async () => token,
  from: async () => token,
  revoke: async () => {},
  access: async () => {},
});

function installedTokens(options: TeamTokensOptions): TeamTokens {
  const { env, now = Date.now } = options;
  const installation = (id: InstallationId): InstallationPort => options.installation(id);
  const kept = new Map<string, { token: string; until: number }>();
  /** The organisation of a workspace, as told to its installation already. */
  const told = new Map<string, string>();
  const own = ownPlace(env, options.fetch);

  const keep = <T>(map: Map<string, T>, key: string, value: T): void => {
    const oldest = map.keys().next().value;
    if (map.size >= limits.installation.maxLeases && oldest !== undefined) map.delete(oldest);
    map.delete(key);
    map.set(key, value);
  };

  async function lease(place: string, refused?: string): Promise<Lease> {
    const given = unwrap(await installation(idOf(place)).lease(refused));
    // One step up at most: an organisation is in no other one.
    return given.kind === "elsewhere" ? unwrap(await installation(given.installation).lease(refused)) : given;
  }

  async function tokenOf(place: string, refused?: string): Promise<string | null> {
    const seen = kept.get(place);
    if (seen && seen.token !== refused && now() < seen.until) return seen.token;
    const given = await lease(place, refused);
    if (given.kind !== "token") {
      kept.delete(place);
      if (refused !== undefined && refused === env.botToken) own.forget();
      return (await own.place())?.includes(place) ? env.botToken : null;
    }
    const { leaseMs, marginMs } = limits.installation;
    const until = Math.min(now() + leaseMs, (given.until ?? Number.POSITIVE_INFINITY) - marginMs);
    keep(kept, place, { token: given.token, until });
    return given.token;
  }

  return {
    of: (team) => async (refused) => {
      const token = await tokenOf(team, refused);
      if (token === null) throw gone();
      return token;
    },
    async from({ team, enterprise, org }) {
      // Calls in a thread know its workspace alone, so the workspace has to know its organisation.
      if (team !== null && enterprise !== null && org && told.get(team) !== enterprise) {
        await installation(idOf(team)).belongsTo(idOf(enterprise));
        keep(told, team, enterprise);
      }
      const place = team ?? enterprise;
      return place === null ? null : tokenOf(place);
    },
    async revoke({ origin: { team, enterprise, org }, at }) {
      const place = org ? enterprise : team;
      if (place === null) return;
      await installation(idOf(place)).remove(at);
      own.forget();
      // Which workspaces the organisation's token served is not known here.
      if (org) kept.clear();
      else kept.delete(place);
    },
    async access({ organisation, teams, granted }) {
      const org = idOf(organisation);
      for (const team of teams) {
        // A workspace that is not told any more tells itself with the next thing that comes from it.
        told.delete(team);
        kept.delete(team);
        await (granted ? installation(idOf(team)).belongsTo(org) : installation(idOf(team)).leaves(org));
      }
    },
  };
}

/** Which workspace and organisation `SLACK_BOT_TOKEN` is of; Slack is asked once, and again when it may
 * have changed. */
function ownPlace({ botToken, apiUrl }: TeamTokensOptions["env"], send: typeof fetch | undefined) {
  // The answer is kept, not the promise of one: in a Worker that ends with the request that asked.
  let known: readonly string[] | null = null;
  return {
    forget: (): void => {
      known = null;
    },
    async place(): Promise<readonly string[] | null> {
      if (known !== null || botToken === null) return known;
      const api = slackClient({ token: botToken, apiUrl, ...(send ? { fetch: send } : {}) });
      try {
        const answer = await api.call("auth.test", {}, AuthTest);
        known = [answer.team_id, answer.enterprise_id ?? ""];
        return known;
      } catch (thrown) {
        // A token that Slack does not take serves nobody.
        if (thrown instanceof KernelError && !thrown.retryable) return null;
        throw thrown;
      }
    },
  };
}
