import { WorkerEntrypoint } from "cloudflare:workers";

/**
 * What a container on Cloudflare reaches the web through: the SDK asks for an export of this name and hands it the
 * hosts that are allowed. A door like the box's own, so that the SDK is not evaluated at the Worker's start.
 */
export class ContainerProxy extends WorkerEntrypoint<object> {
  override async fetch(request: Request): Promise<Response> {
    const sdk = await import("@cloudflare/sandbox");
    const proxy = new sdk.ContainerProxy(this.ctx, this.env);
    return proxy.fetch(request);
  }
}
