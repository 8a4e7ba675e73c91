import { DurableObject } from "cloudflare:workers";
import { Channel } from "../../kernel/channel/index.ts";
import { migrate } from "../../kernel/files/migrate.ts";
import { InstallationObject } from "../../kernel/installations/index.ts";
import type { Grant } from "../../kernel/installations/types.ts";
import type { ThreadId } from "../../kernel/ids.ts";
import { IsolateFiles, IsolateLogs, IsolateProxy, IsolateTools } from "../../kernel/sandbox/isolate/entrypoints.ts";
import { ThreadObject } from "../../kernel/thread/index.ts";
import { Kernel } from "../../kernel/user/index.ts";
import { plainPort } from "./plain.ts";

export { Channel, IsolateFiles, IsolateLogs, IsolateProxy, IsolateTools, Kernel };

/** A Thread on a platform of plain text. */
export class Thread extends ThreadObject {
  protected override port(thread: ThreadId) {
    return plainPort(thread);
  }
}

/** A Durable Object with the file tables and nothing else: stands where a person's Kernel stands. */
export class Desk extends DurableObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(() => migrate(ctx.storage));
  }
}

/** A platform that gives a token for each refresh token once, as often as the test lets it. */
export class Place extends InstallationObject {
  keyText = btoa("a".repeat(32));
  at = 1_800_000_000_000;
  /** Refresh tokens that were shown, in order. */
  shown: string[] = [];
  /** What the platform says to the next one; a test may hold it back. */
  answer: (refresh: string) => Promise<Grant> = async (refresh) => ({
    accessToken: `access-after-${refresh}`,
    refreshToken: `${refresh}+`,
    expiresInMs: 12 * 60 * 60 * 1000,
  });

  protected override keys(): string {
    return this.keyText;
  }
  protected override now(): number {
    return this.at;
  }
  protected override renewed(refresh: string): Promise<Grant> {
    this.shown.push(refresh);
    return this.answer(refresh);
  }
}

export interface Env {
  DESK: DurableObjectNamespace<Desk>;
  INSTALLATION: DurableObjectNamespace<Place>;
  FILES: R2Bucket;
  CHANNEL: DurableObjectNamespace<Channel>;
  THREAD: DurableObjectNamespace<Thread>;
  KERNEL: DurableObjectNamespace<Kernel>;
}

export default {
  fetch: (): Response => new Response("test worker"),
} satisfies ExportedHandler<Env>;
