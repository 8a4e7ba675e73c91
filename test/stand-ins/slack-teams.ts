import { createServer, type Server } from "node:http";
import { once } from "node:events";

export interface SeenCall {
  method: string;
  token: string;
  args: Record<string, string>;
}

/** What `oauth.v2.access` gives for a code. */
export interface Installed {
  team: { id: string; name: string } | null;
  enterprise: { id: string; name: string } | null;
  is_enterprise_install: boolean;
  /** How long its tokens live; absent for ever. */
  expires_in?: number;
}

/**
 * Slack as many workspaces that only tell tokens apart: which call came with whose. The local workspace plays one
 * workspace in full; this one plays many, and knows of chat no more than that it says ok.
 */
export class SlackTeams {
  readonly url: string;
  readonly calls: SeenCall[] = [];
  /** Codes that a person may come back with. */
  readonly codes = new Map<string, Installed>();
  /** Places by the tokens that are good now. */
  readonly #good = new Map<string, string>();
  readonly #refresh = new Map<string, Installed>();
  readonly #server: Server;
  #waiting: (() => void)[] = [];
  #next = 1;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/api/`;
  }

  static async start(): Promise<SlackTeams> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const teams = new SlackTeams(server, typeof address === "object" && address ? address.port : 0);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const method = (request.url ?? "").replace("/api/", "");
        const token = (request.headers.authorization ?? "").replace("Bearer ", "");
        const args = Object.fromEntries(new URLSearchParams(body));
        teams.calls.push({ method, token, args });
        const answer = JSON.stringify(teams.#answer(method, token, args));
        response.writeHead(200, { "content-type": "application/json" }).end(answer);
        for (const look of teams.#waiting.splice(0)) look();
      });
    });
    return teams;
  }

  /** The tokens of a place are good no more. */
  end(place: string): void {
    for (const [token, of] of this.#good) if (of === place) this.#good.delete(token);
  }

  /** A token that was not got by OAuth. */
  allow(token: string, place: string): void {
    this.#good.set(token, place);
  }

  async waitFor(fits: (call: SeenCall) => boolean, timeoutMs = 20_000): Promise<SeenCall> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const found = this.calls.find(fits);
      if (found) return found;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`No such call. Seen: ${this.calls.map((one) => one.method).join(", ")}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(method: string, token: string, args: Record<string, string>): object {
    if (method === "oauth.v2.access") return this.#grant(args);
    const place = this.#good.get(token);
    if (place === undefined) return { ok: false, error: "token_expired" };
    const ts = `1800000000.${String(this.#next++).padStart(6, "0")}`;
    if (method === "auth.test") return { ok: true, team_id: place, user_id: "UBOT", bot_id: "BBOT" };
    if (method === "conversations.replies") return { ok: true, messages: [] };
    if (method === "users.info") return { ok: true, user: { name: "ada", real_name: "Ada" } };
    return { ok: true, ts, channel: args["channel"] };
  }

  #grant(args: Record<string, string>): object {
    const known = args["client_id"] === "1.2" && args["client_secret"] === "app-secret";
    if (!known) return { ok: false, error: "bad_client_secret" };
    const renewing = args["grant_type"] === "refresh_token";
    const [from, key] = renewing ? [this.#refresh, args["refresh_token"]] : [this.codes, args["code"]];
    const installed = from.get(key ?? "");
    if (key === undefined || installed === undefined)
      return { ok: false, error: renewing ? "invalid_refresh_token" : "invalid_code" };
    // Each is good once.
    from.delete(key);
    const { expires_in: expiresIn, ...place } = installed;
    const id = (installed.is_enterprise_install ? installed.enterprise : installed.team)?.id ?? "";
    const n = this.#next++;
    const token = `xoxb-${id}-${n}`;
    const refresh = `xoxe-${id}-${n}`;
    this.#good.set(token, id);
    if (expiresIn !== undefined) this.#refresh.set(refresh, installed);
    return {
      ok: true,
      access_token: token,
      token_type: "bot",
      scope: "chat:write",
      bot_user_id: "UBOT",
      app_id: "A1",
      authed_user: { id: "U1" },
      ...place,
      ...(expiresIn === undefined ? {} : { expires_in: expiresIn, refresh_token: refresh }),
    };
  }
}
