import { DurableObject } from "cloudflare:workers";
import { decideToken } from "./decide.ts";
import type { KernelEnv } from "../env.ts";
import { KernelError, outcome, type Outcome } from "../errors.ts";
import { InstallationId } from "../ids.ts";
import { log } from "../log.ts";
import { keyRing, type KeyRing } from "./keys.ts";
import { seal, unseal } from "./seal.ts";
import { InstallationStore, type Installed, type Sealed } from "./store.ts";
import { About, Grant, type InstallationPort, type Lease } from "./types.ts";

/**
 * One installation of the app: in a workspace, or in a whole organisation. It keeps the tokens, sealed, renews them
 * before they run out (once, however many ask), and forgets them when the app is removed. What a platform has to do
 * with it is in the subclass.
 */
export abstract class InstallationObject extends DurableObject<KernelEnv> implements InstallationPort {
  readonly #store: InstallationStore;
  #ring: Promise<KeyRing> | null = null;
  #renewing: Promise<void> | null = null;
  #failedAt: number | null = null;

  constructor(ctx: DurableObjectState, env: KernelEnv) {
    super(ctx, env);
    this.#store = new InstallationStore(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.#store.open());
  }

  /** The key that seals, and after commas those that still open. */
  protected abstract keys(): string;
  /** Other tokens for a refresh token, which the platform takes once. */
  protected abstract renewed(refreshToken: string): Promise<Grant>;
  /** For tests of tokens that run out. */
  protected now(): number {
    return Date.now();
  }

  install(grant: Grant, about: About): Promise<Outcome<null>> {
    return outcome(async () => {
      const sealed = await this.#seal(Grant.parse(grant));
      this.#store.install(sealed, About.parse(about), this.now());
      this.#failedAt = null;
      return null;
    });
  }

  lease(refused?: string): Promise<Outcome<Lease>> {
    return outcome(async () => {
      const installed = this.#store.read();
      if (installed === null) {
        const organisation = this.#store.organisation;
        return organisation === null ? { kind: "none" } : { kind: "elsewhere", installation: organisation };
      }
      const { secret, old } = await unseal(await this.#keys(), this.#place("access"), installed.access);
      const state = { expiresAt: installed.expiresAt, renewable: installed.refresh !== null };
      const decision = decideToken(
        { ...state, refused: refused !== undefined && refused === secret, failedAt: this.#failedAt },
        this.now(),
      );
      switch (decision) {
        case "renew-early":
          this.#renew().catch(() => undefined);
          break;
        case "renew":
          await this.#renew();
          return this.#present();
        case "gone":
          return { kind: "none" };
        case "use":
          if (old) await this.#reseal(installed);
      }
      return { kind: "token", token: secret, until: installed.expiresAt };
    });
  }

  async remove(at: number): Promise<boolean> {
    const installed = this.#store.read();
    // The news may be old: it is sent again for minutes, and the app may have been installed anew meanwhile. It counts
    // whole seconds.
    if (installed === null || installed.installedAt > at + 999) return false;
    this.#store.remove();
    log.info("installation: removed", { installation: this.ctx.id.name });
    return true;
  }

  async belongsTo(organisation: InstallationId): Promise<void> {
    const id = InstallationId.parse(organisation);
    if (this.#store.organisation !== id) this.#store.belongsTo(id);
  }

  async leaves(organisation: InstallationId): Promise<void> {
    if (this.#store.organisation === InstallationId.parse(organisation)) this.#store.belongsToNone();
  }

  async spend(ticket: string, until: number): Promise<boolean> {
    return this.#store.spend(ticket, until, this.now());
  }

  /** One renewal at a time: a refresh token is taken once, so a second try with it would end the installation. */
  #renew(): Promise<void> {
    if (this.#renewing === null) {
      this.#renewing = this.#renewOnce().finally(() => {
        this.#renewing = null;
      });
      // What the platform gives comes once: it is stored even when nobody who asked for it is left.
      this.ctx.waitUntil(this.#renewing.catch(() => undefined));
    }
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const before = this.#store.read();
    if (before?.refresh == null) return;
    try {
      const { secret } = await unseal(await this.#keys(), this.#place("refresh"), before.refresh);
      const grant = Grant.parse(await this.renewed(secret));
      const sealed = await this.#seal({ ...grant, refreshToken: grant.refreshToken ?? secret });
      // Removed or installed anew meanwhile: that stands.
      this.#store.replace(before, sealed, this.now());
      this.#failedAt = null;
    } catch (thrown) {
      this.#failedAt = this.now();
      log.warn("installation: renewing failed", { installation: this.ctx.id.name, thrown });
      throw KernelError.wrap(thrown, "platform.unreachable", "Access to this workspace could not be renewed.");
    }
  }

  /** The token that is there now, as it is. */
  async #present(): Promise<Lease> {
    const installed = this.#store.read();
    if (installed === null) return { kind: "none" };
    const { secret } = await unseal(await this.#keys(), this.#place("access"), installed.access);
    return { kind: "token", token: secret, until: installed.expiresAt };
  }

  /** Moves the tokens to the present key. */
  async #reseal(installed: Installed): Promise<void> {
    const ring = await this.#keys();
    const again = async (field: "access" | "refresh", text: string) =>
      seal(ring, this.#place(field), (await unseal(ring, this.#place(field), text)).secret);
    const access = await again("access", installed.access);
    const refresh = installed.refresh === null ? null : await again("refresh", installed.refresh);
    this.#store.replace(installed, { access, refresh, expiresAt: installed.expiresAt }, installed.renewedAt);
  }

  async #seal(grant: Grant): Promise<Sealed> {
    const ring = await this.#keys();
    return {
      access: await seal(ring, this.#place("access"), grant.accessToken),
      refresh: grant.refreshToken === null ? null : await seal(ring, this.#place("refresh"), grant.refreshToken),
      expiresAt: grant.expiresInMs === null ? null : this.now() + grant.expiresInMs,
    };
  }

  /** A sealed token opens in its own place of its own installation only. */
  #place(field: "access" | "refresh"): string {
    return `${InstallationId.parse(this.ctx.id.name)} ${field}`;
  }

  #keys(): Promise<KeyRing> {
    this.#ring ??= keyRing(this.keys());
    return this.#ring;
  }
}
