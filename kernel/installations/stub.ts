import type { KernelEnv } from "../env.ts";
import type { InstallationId } from "../ids.ts";
import type { InstallationPort } from "./types.ts";

/** The cast is safe as long as the class implements the port, which its `implements` clause checks. */
export const installationStub = (env: KernelEnv, id: InstallationId): InstallationPort =>
  env.INSTALLATION.getByName(id) as unknown as InstallationPort;
