import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { installationId } from "../../kernel/ids.ts";
import type { Lease } from "../../kernel/installations/types.ts";
import { bindings } from "./desk.ts";
import type { Place } from "./worker.ts";

const hour = 60 * 60 * 1000;
const about = { name: "Acme", app: "A1", bot: "UBOT", installedBy: "U1", scopes: ["chat:write"] };
const lasting = { accessToken: "access-1", refreshToken: null, expiresInMs: null };
const rotating = { accessToken: "access-1", refreshToken: "refresh-1", expiresInMs: 12 * hour };

let next = 0;
/** A fresh object for each test, and what is in its tables. */
async function place(work: (it: Place, rows: () => string, state: DurableObjectState) => Promise<void>, name?: string) {
  const stub = bindings.INSTALLATION.getByName(name ?? `chat:T${(next += 1)}`);
  await runInDurableObject(stub, (it, state) => {
    const rows = () => JSON.stringify(state.storage.sql.exec("SELECT * FROM installation").toArray());
    return work(it, rows, state);
  });
}

async function leased(it: Place, refused?: string): Promise<Lease> {
  const given = await it.lease(refused);
  if (!given.ok) throw new Error(given.error.code);
  return given.value;
}
const tokenOf = async (it: Place, refused?: string): Promise<string | null> => {
  const lease = await leased(it, refused);
  return lease.kind === "token" ? lease.token : null;
};

describe("an installation", () => {
  it("gives the token it was given, and nothing before that", () =>
    place(async (it) => {
      expect(await leased(it)).toEqual({ kind: "none" });
      await it.install(lasting, about);
      expect(await leased(it)).toEqual({ kind: "token", token: "access-1", until: null });
    }));

  it("keeps no token in the clear", () =>
    place(async (it, rows) => {
      await it.install(rotating, about);
      expect(rows()).toContain("Acme");
      expect(rows()).not.toMatch(/access-1|refresh-1/);
    }));

  it("is still there after a restart, also under a new key, and then needs the new key only", async () => {
    const name = "chat:TKEYS";
    await place(async (it) => void (await it.install(rotating, about)), name);
    const [a, b] = [btoa("a".repeat(32)), btoa("b".repeat(32))];
    await place(async (it, rows, state) => {
      // As after a restart with other variables: a second object over the same storage.
      const again = Reflect.construct(it.constructor, [state, {}]) as Place;
      again.keyText = `${b},${a}`;
      const before = rows();
      expect(await tokenOf(again)).toBe("access-1");
      expect(rows()).not.toBe(before);
      const later = Reflect.construct(it.constructor, [state, {}]) as Place;
      later.keyText = b;
      expect(await tokenOf(later)).toBe("access-1");
      const lost = Reflect.construct(it.constructor, [state, {}]) as Place;
      expect(await lost.lease()).toMatchObject({ ok: false, error: { code: "config.invalid" } });
    }, name);
  });
});

describe("a token that runs out", () => {
  it("is used as it is until two hours before", () =>
    place(async (it) => {
      await it.install(rotating, about);
      it.at += 10 * hour - 1;
      expect(await tokenOf(it)).toBe("access-1");
      expect(it.shown).toEqual([]);
    }));

  it("is renewed while it is still used, and nobody waits for that", () =>
    place(async (it) => {
      await it.install(rotating, about);
      it.at += 11 * hour;
      const held = Promise.withResolvers<void>();
      const { answer } = it;
      it.answer = async (refresh) => {
        await held.promise;
        return answer(refresh);
      };
      expect(await tokenOf(it)).toBe("access-1");
      expect(await tokenOf(it)).toBe("access-1");
      held.resolve();
      await expect.poll(() => tokenOf(it)).toBe("access-after-refresh-1");
      expect(it.shown).toEqual(["refresh-1"]);
    }));

  it("is renewed once, however many ask at the same time", () =>
    place(async (it) => {
      await it.install(rotating, about);
      it.at += 12 * hour;
      const given = await Promise.all(Array.from({ length: 30 }, () => tokenOf(it)));
      expect(new Set(given)).toEqual(new Set(["access-after-refresh-1"]));
      expect(it.shown).toEqual(["refresh-1"]);
      it.at += 12 * hour;
      expect(await tokenOf(it)).toBe("access-after-refresh-1+");
    }));

  it("is renewed before its time when the platform refused it, but not when it is another by now", () =>
    place(async (it) => {
      await it.install(rotating, about);
      expect(await tokenOf(it, "access-1")).toBe("access-after-refresh-1");
      expect(await tokenOf(it, "access-1")).toBe("access-after-refresh-1");
      expect(it.shown).toEqual(["refresh-1"]);
    }));

  it("serves to its end when renewing fails, then the failure is said, and a later try may succeed", () =>
    place(async (it) => {
      await it.install(rotating, about);
      const { answer } = it;
      it.answer = () => Promise.reject(new Error("no network"));
      it.at += 11 * hour;
      for (let n = 0; n < 5; n++) expect(await tokenOf(it)).toBe("access-1");
      await expect.poll(() => it.shown.length).toBe(1);
      it.at += hour;
      expect(await it.lease()).toMatchObject({ ok: false, error: { code: "platform.unreachable" } });
      it.answer = answer;
      expect(await tokenOf(it)).toBe("access-after-refresh-1");
    }));

  it("an installation that came meanwhile is not overwritten by a renewal, and a removal stands", () =>
    place(async (it) => {
      const held = Promise.withResolvers<void>();
      const { answer } = it;
      it.answer = async (refresh) => {
        await held.promise;
        return answer(refresh);
      };
      await it.install(rotating, about);
      it.at += 12 * hour;
      const waiting = tokenOf(it);
      await expect.poll(() => it.shown.length).toBe(1);
      await it.install({ accessToken: "access-2", refreshToken: "refresh-2", expiresInMs: 12 * hour }, about);
      held.resolve();
      expect(await waiting).toBe("access-2");
      expect(await tokenOf(it)).toBe("access-2");
    }));
});

describe("a removal", () => {
  it("forgets the tokens", () =>
    place(async (it, rows) => {
      await it.install(rotating, about);
      expect(await it.remove(it.at + 1)).toBe(true);
      expect(rows()).toBe("[]");
      expect(await leased(it)).toEqual({ kind: "none" });
      expect(await it.remove(it.at + 1)).toBe(false);
    }));

  it("that is older than the installation changes nothing, in whole seconds", () =>
    place(async (it) => {
      await it.install(lasting, about);
      expect(await it.remove(it.at - 1000)).toBe(false);
      expect(await tokenOf(it)).toBe("access-1");
      it.at += 900;
      await it.install(lasting, about);
      expect(await it.remove(it.at - 900)).toBe(true);
    }));
});

describe("a workspace of an organisation", () => {
  const organisation = installationId.make({ platform: "chat", workspace: "E1" });

  it("names the organisation's installation, and its own first when it has one", () =>
    place(async (it) => {
      await it.belongsTo(organisation);
      await it.belongsTo(organisation);
      expect(await leased(it)).toEqual({ kind: "elsewhere", installation: organisation });
      await it.install(lasting, about);
      expect(await tokenOf(it)).toBe("access-1");
      await it.remove(it.at);
      expect(await leased(it)).toEqual({ kind: "elsewhere", installation: organisation });
    }));
});

describe("a workspace that leaves an organisation's installation", () => {
  const one = installationId.make({ platform: "chat", workspace: "E1" });
  const other = installationId.make({ platform: "chat", workspace: "E2" });

  it("has none any more, but for its own and that of another organisation", () =>
    place(async (it) => {
      await it.belongsTo(one);
      await it.leaves(other);
      expect(await leased(it)).toEqual({ kind: "elsewhere", installation: one });
      await it.install(lasting, about);
      await it.leaves(one);
      expect(await tokenOf(it)).toBe("access-1");
      await it.remove(it.at);
      expect(await leased(it)).toEqual({ kind: "none" });
    }));
});

describe("tickets", () => {
  it("are good once, and forgotten when they would have run out", () =>
    place(async (it, _, state) => {
      const spent = () => state.storage.sql.exec("SELECT ticket FROM spent").toArray().length;
      expect(await it.spend("a", it.at + 1000)).toBe(true);
      expect(await it.spend("a", it.at + 1000)).toBe(false);
      expect(await it.spend("b", it.at + 5000)).toBe(true);
      it.at += 2000;
      expect(await it.spend("c", it.at + 1000)).toBe(true);
      expect(spent()).toBe(2);
    }));
});
