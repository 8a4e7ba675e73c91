import { describe, expect, test } from "vitest";
import type { Outcome } from "../../kernel/errors.ts";
import type { InstallationPort, Lease } from "../../kernel/installations/types.ts";
import { limits } from "../../kernel/limits.ts";
import { teamTokens } from "./tokens.ts";

const apiUrl = "https://slack.example/api/";
const install = { clientId: "1.2", clientSecret: "secret", tokenKey: btoa("k".repeat(32)) };
const from = (team: string | null, enterprise: string | null = null, org = false) => ({ team, enterprise, org });

/** Installations that remember what they were asked. */
function house(leases: Record<string, Lease>, botToken: string | null = null, authTest: object = { ok: false }) {
  const asked: string[] = [];
  let now = 1_800_000_000_000;
  const tokens = teamTokens({
    env: { apiUrl, botToken, install },
    now: () => now,
    fetch: async () => {
      asked.push("auth.test");
      return Response.json(authTest);
    },
    installation: (id): InstallationPort => ({
      lease: async (refused): Promise<Outcome<Lease>> => {
        asked.push(`lease ${id}${refused === undefined ? "" : ` not ${refused}`}`);
        return { ok: true, value: leases[id] ?? { kind: "none" } };
      },
      remove: async () => {
        asked.push(`remove ${id}`);
        delete leases[id];
        return true;
      },
      belongsTo: async (organisation) => {
        asked.push(`${id} belongs to ${organisation}`);
        leases[id] ??= { kind: "elsewhere", installation: organisation };
      },
      install: async () => ({ ok: true, value: null }),
      leaves: async (organisation) => {
        asked.push(`${id} leaves ${organisation}`);
        if (leases[id]?.kind === "elsewhere") delete leases[id];
      },
      spend: async () => true,
    }),
  });
  return { tokens, asked, leases, pass: (ms: number) => (now += ms), now: () => now };
}
const token = (text: string, until: number | null = null): Lease => ({ kind: "token", token: text, until });

test("with one workspace nothing is looked up", async () => {
  const tokens = teamTokens({
    env: { apiUrl, botToken: "xoxb-1", install: null },
    installation: () => {
      throw new Error("Nothing is looked up.");
    },
  });
  expect(await tokens.of("T9")()).toBe("xoxb-1");
  expect(await tokens.from(from("T9"))).toBe("xoxb-1");
});

describe("workspaces that have installed the app", () => {
  test("each gets its own token, asked for once in a while", async () => {
    const { tokens, asked, pass } = house({ "slack:T1": token("xoxb-1"), "slack:T2": token("xoxb-2") });
    expect(await tokens.of("T1")()).toBe("xoxb-1");
    expect(await tokens.of("T2")()).toBe("xoxb-2");
    expect(await tokens.from(from("T1"))).toBe("xoxb-1");
    expect(asked).toEqual(["lease slack:T1", "lease slack:T2"]);
    pass(limits.installation.leaseMs);
    await tokens.of("T1")();
    expect(asked).toHaveLength(3);
  });

  test("a token is not kept until the second it runs out", async () => {
    const given = house({});
    given.leases["slack:T1"] = token("xoxb-1", given.now() + 90_000);
    await given.tokens.of("T1")();
    given.pass(31_000);
    given.leases["slack:T1"] = token("xoxb-2");
    expect(await given.tokens.of("T1")()).toBe("xoxb-2");
  });

  test("a token that Slack refused is not given again from memory", async () => {
    const { tokens, asked, leases } = house({ "slack:T1": token("xoxb-1") });
    const source = tokens.of("T1");
    await source();
    leases["slack:T1"] = token("xoxb-2");
    expect(await source("xoxb-1")).toBe("xoxb-2");
    expect(asked.at(-1)).toBe("lease slack:T1 not xoxb-1");
  });

  test("a workspace of an organisation is served by the organisation's token, also in a thread", async () => {
    const { tokens, asked } = house({ "slack:E1": token("xoxb-org") });
    await expect(tokens.of("T1")()).rejects.toMatchObject({ code: "installation.gone" });
    expect(await tokens.from(from("T1", "E1", true))).toBe("xoxb-org");
    expect(await tokens.of("T1")()).toBe("xoxb-org");
    await tokens.from(from("T1", "E1", true));
    expect(asked.filter((one) => one.includes("belongs to"))).toEqual(["slack:T1 belongs to slack:E1"]);
  });

  test("a workspace of an organisation that installed by itself has its own", async () => {
    const { tokens, asked } = house({ "slack:T1": token("xoxb-1"), "slack:E1": token("xoxb-org") });
    expect(await tokens.from(from("T1", "E1", false))).toBe("xoxb-1");
    expect(asked).toEqual(["lease slack:T1"]);
  });

  test("after a removal there is no token, at once", async () => {
    const { tokens, asked } = house({ "slack:T1": token("xoxb-1") });
    await tokens.of("T1")();
    await tokens.revoke({ origin: from("T1", "E1"), at: 1 });
    expect(asked.at(-1)).toBe("remove slack:T1");
    expect(await tokens.from(from("T1"))).toBeNull();
    await expect(tokens.of("T1")()).rejects.toMatchObject({ code: "installation.gone", retryable: false });
  });

  test("a workspace that is added to an organisation's installation is served by it, until it is taken away", async () => {
    const { tokens, asked } = house({ "slack:E1": token("xoxb-org"), "slack:T3": token("xoxb-3") });
    await tokens.access({ organisation: "E1", teams: ["T1", "T2", "T3"], granted: true });
    expect(await tokens.of("T1")()).toBe("xoxb-org");
    // Its own installation stands.
    expect(await tokens.of("T3")()).toBe("xoxb-3");
    await tokens.access({ organisation: "E1", teams: ["T1", "T3"], granted: false });
    expect(asked.slice(-2)).toEqual(["slack:T1 leaves slack:E1", "slack:T3 leaves slack:E1"]);
    await expect(tokens.of("T1")()).rejects.toMatchObject({ code: "installation.gone" });
    expect(await tokens.of("T2")()).toBe("xoxb-org");
    expect(await tokens.of("T3")()).toBe("xoxb-3");
    // It comes back by itself with the first thing that comes from there.
    expect(await tokens.from(from("T1", "E1", true))).toBe("xoxb-org");
    expect(await tokens.of("T1")()).toBe("xoxb-org");
  });

  test("an organisation's removal ends all its workspaces", async () => {
    const { tokens } = house({ "slack:E1": token("xoxb-org") });
    expect(await tokens.from(from("T1", "E1", true))).toBe("xoxb-org");
    await tokens.revoke({ origin: from("T1", "E1", true), at: 1 });
    await expect(tokens.of("T1")()).rejects.toMatchObject({ code: "installation.gone" });
  });
});

describe("SLACK_BOT_TOKEN beside installations", () => {
  const authTest = { ok: true, team_id: "T9", enterprise_id: null };

  test("serves the workspace that auth.test names, which is asked once", async () => {
    const { tokens, asked } = house({ "slack:T1": token("xoxb-1") }, "xoxb-own", authTest);
    expect(await tokens.of("T9")()).toBe("xoxb-own");
    expect(await tokens.of("T1")()).toBe("xoxb-1");
    expect(await tokens.from(from("T9"))).toBe("xoxb-own");
    expect(asked.filter((one) => one === "auth.test")).toHaveLength(1);
  });

  test("serves no other", async () => {
    const { tokens } = house({}, "xoxb-own", authTest);
    expect(await tokens.from(from("T1"))).toBeNull();
  });

  test("gives way to the workspace's own installation", async () => {
    const { tokens } = house({ "slack:T9": token("xoxb-new") }, "xoxb-own", authTest);
    expect(await tokens.of("T9")()).toBe("xoxb-new");
  });

  test("serves nobody when Slack does not take it", async () => {
    const { tokens } = house({}, "xoxb-own", { ok: false, error: "account_inactive" });
    expect(await tokens.from(from("T9"))).toBeNull();
  });

  test("is asked about again after a removal, and serves nobody when Slack takes it no more", async () => {
    const answer: Record<string, unknown> = { ...authTest };
    const { tokens } = house({}, "xoxb-own", answer);
    const source = tokens.of("T9");
    expect(await source()).toBe("xoxb-own");
    Object.assign(answer, { ok: false, error: "token_revoked" });
    await expect(source("xoxb-own")).rejects.toMatchObject({ code: "installation.gone" });
    Object.assign(answer, { ok: true });
    expect(await source()).toBe("xoxb-own");
    Object.assign(answer, { ok: false });
    await tokens.revoke({ origin: from("T9"), at: 1 });
    expect(await tokens.from(from("T9"))).toBeNull();
  });

  test("is asked about again when Slack could not be reached", async () => {
    const answer: Record<string, unknown> = { ok: false, error: "internal_error" };
    const { tokens } = house({}, "xoxb-own", answer);
    await expect(tokens.of("T9")()).rejects.toMatchObject({ code: "platform.unreachable" });
    Object.assign(answer, authTest);
    expect(await tokens.of("T9")()).toBe("xoxb-own");
  });
});
