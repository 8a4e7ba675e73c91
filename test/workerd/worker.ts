import { DurableObject } from "cloudflare:workers";
import { migrate } from "../../kernel/files/migrate.ts";

/** A Durable Object with the file tables and nothing else: stands where a person's Kernel stands. */
export class Desk extends DurableObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(() => migrate(ctx.storage));
  }
}

export interface Env {
  DESK: DurableObjectNamespace<Desk>;
  FILES: R2Bucket;
}

export default {
  fetch: (): Response => new Response("test worker"),
} satisfies ExportedHandler<Env>;
