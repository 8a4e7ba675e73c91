import { RpcTarget } from "capnweb";
import type { InterpreterApi } from "./api-types.ts";
import { AgentError } from "./errors.ts";

export const unsupported = (what: string) =>
  new AgentError("VALIDATION_FAILED", `This computer has no ${what}: it is a jail of this machine, not a container.`);

/** `interpreter` of the SDK: not here. Python and Node are run as commands. */
export class Interpreter extends RpcTarget implements InterpreterApi {
  async createCodeContext(): Promise<never> {
    throw unsupported("code contexts");
  }
  async streamCode(): Promise<never> {
    throw unsupported("code contexts");
  }
  async runCodeStream(): Promise<never> {
    throw unsupported("code contexts");
  }
  async listCodeContexts(): Promise<never> {
    throw unsupported("code contexts");
  }
  async deleteCodeContext(): Promise<never> {
    throw unsupported("code contexts");
  }
}

/** `tunnels` of the SDK: not here. A port is reached by the host's socket. */
export class Tunnels extends RpcTarget {
  async runQuickTunnel(): Promise<never> {
    throw unsupported("tunnels");
  }
  async runNamedTunnel(): Promise<never> {
    throw unsupported("tunnels");
  }
  async destroyTunnel(): Promise<never> {
    throw unsupported("tunnels");
  }
  async listTunnels(): Promise<never> {
    throw unsupported("tunnels");
  }
  async ensureTunnelRun(): Promise<never> {
    throw unsupported("tunnels");
  }
  async stopTunnelRun(): Promise<never> {
    throw unsupported("tunnels");
  }
}
