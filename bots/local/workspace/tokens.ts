import { randomBytes } from "node:crypto";
import type { Prepare } from "./database.ts";
import { bounds } from "./limits.ts";
import { TokenRecord } from "./records.ts";
import { botScopes, team } from "./seed.ts";
import { SlackError } from "./slack-error.ts";

/** Who calls: a token's workspace, or its whole organisation. */
export type Caller = Pick<TokenRecord, "token" | "team" | "org" | "scopes">;

const secret = (): string => randomBytes(18).toString("hex");

/** Codes, access tokens and refresh tokens that were given out, and which of them still count. */
export class Tokens {
  readonly #sql: Prepare;
  readonly #botToken: string;

  constructor(prepare: Prepare, botToken: string) {
    this.#sql = prepare;
    this.#botToken = botToken;
  }

  put(record: TokenRecord): TokenRecord {
    this.#sql("INSERT OR REPLACE INTO tokens (token, data) VALUES (?, ?)").run(record.token, JSON.stringify(record));
    this.#sql("DELETE FROM tokens WHERE rowid <= (SELECT max(rowid) FROM tokens) - ?").run(bounds.tokens);
    return record;
  }

  get(token: string): TokenRecord | null {
    const row = this.#sql("SELECT data FROM tokens WHERE token = ?").get(token);
    if (row !== undefined) return TokenRecord.parse(JSON.parse(String(row.data)));
    // The workspace's first installation, which nobody went through OAuth for.
    if (token !== this.#botToken) return null;
    const installed = { team: team.id, org: false, user: "U0ADA", scopes: [...botScopes] };
    return { token, kind: "access", ...installed, redirectUri: null, expiresAt: null, ended: false };
  }

  mint(kind: TokenRecord["kind"], about: Omit<TokenRecord, "token" | "kind" | "ended">): TokenRecord {
    const rotating = kind === "access" && about.expiresAt !== null;
    const prefix = { code: "", access: rotating ? "xoxe.xoxb-1-" : "xoxb-", refresh: "xoxe-1-" }[kind];
    return this.put({ ...about, kind, token: `${prefix}${secret()}`, ended: false });
  }

  /** Takes a code or refresh token out of use; false when it counts no more. */
  spend(record: TokenRecord, now: number): boolean {
    if (record.ended || (record.expiresAt !== null && record.expiresAt < now)) return false;
    this.put({ ...record, ended: true });
    return true;
  }

  /** @throws SlackError `invalid_auth`, `token_revoked`, `token_expired` */
  caller(token: string, now: number): Caller {
    const record = this.get(token);
    if (record === null || record.kind !== "access") throw new SlackError("invalid_auth");
    if (record.ended) throw new SlackError("token_revoked");
    if (record.expiresAt !== null && record.expiresAt < now) throw new SlackError("token_expired");
    return record;
  }

  /** Whether the app has a token for one of these workspaces or organisations, be it one that can only be renewed. */
  installedIn(places: readonly string[]): boolean {
    if (places.includes(team.id) && this.get(this.#botToken)?.ended === false) return true;
    const live = "json_extract(data, '$.ended') = 0 AND json_extract(data, '$.kind') <> 'code'";
    const rows = this.#sql(`SELECT 1 FROM tokens WHERE json_extract(data, '$.team') = ? AND ${live} LIMIT 1`);
    return places.some((place) => rows.get(place) !== undefined);
  }

  /** All of a workspace's, or of an organisation's. */
  endAll(place: string): void {
    const rows = this.#sql("SELECT data FROM tokens WHERE json_extract(data, '$.team') = ?").all(place);
    const known = rows.map((row) => TokenRecord.parse(JSON.parse(String(row.data))));
    const first = place === team.id ? this.get(this.#botToken) : null;
    for (const record of [...known, ...(first === null ? [] : [first])]) this.put({ ...record, ended: true });
  }
}
