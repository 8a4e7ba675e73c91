import { WorkerEntrypoint } from "cloudflare:workers";
import { z } from "zod";
import { commandHost } from "./bindings/names.ts";

const Props = z.looseObject({ containerId: z.string().catch("") });

/**
 * What a container on Cloudflare reaches the web through: the SDK asks for an export of this name and hands it the
 * hosts that are allowed. A door like the box's own, so that the SDK is not evaluated at the Worker's start.
 */
export abstract class ContainerDoor<Env extends object> extends WorkerEntrypoint<Env> {
  /** The `deckhand` command of a box: `object` is the id of its object, put in by the SDK when the box was started. */
  protected abstract command(object: string, request: Request): Promise<Response>;

  override async fetch(request: Request): Promise<Response> {
    const { containerId } = Props.parse(this.ctx.props);
    if (new URL(request.url).hostname === commandHost) return this.command(containerId, request);
    const sdk = await import("@cloudflare/sandbox");
    const proxy = new sdk.ContainerProxy(this.ctx, this.env);
    return proxy.fetch(request);
  }
}
