import { Sandbox } from "@cloudflare/sandbox";
import { limits } from "../../../limits.ts";
import { commandHost } from "../bindings/names.ts";
import type { ComputerKind } from "../types.ts";

/** What the SDK's object tells of its life. */
export interface Life {
  kind: ComputerKind;
  /** It is about to be put to sleep because nobody used it. */
  beforeSleep(): Promise<void>;
  /** All that ran in it is gone. */
  stopped(): void;
}

/**
 * The SDK's object of one box, with the network closed. It is given only what it must know, so no binding and no secret
 * of this Worker can reach a box through it.
 * @see https://developers.cloudflare.com/sandbox/
 */
export class ComputerSandbox extends Sandbox<object> {
  override sleepAfter: string | number = limits.computer.sleepAfterSeconds;
  override enableInternet = false;
  readonly #life: Life;

  constructor(ctx: DurableObjectState<object>, life: Life) {
    // Polled more often than the SDK does: a jail is up in a tenth of the default pause.
    super(ctx, { SANDBOX_TRANSPORT: "rpc", SANDBOX_POLL_INTERVAL_MS: "100" });
    this.#life = life;
    // Every host is refused until the person's policy names some; its own Kernel is always there. In a jail the machine's own proxy does this.
    if (life.kind !== "jail") this.allowedHosts = [commandHost];
  }

  override async onStop(...params: Parameters<Sandbox["onStop"]>): Promise<void> {
    await super.onStop(...params);
    this.#life.stopped();
  }

  override async onActivityExpired(): Promise<void> {
    await this.#life.beforeSleep();
    await super.onActivityExpired();
  }
}
