import { RpcTarget } from "capnweb";
import { readdir } from "node:fs/promises";
import type { UtilsApi } from "./api-types.ts";
import { idText, pathText, variables } from "./check.ts";
import { stamp } from "./feed.ts";
import { agentLimits } from "./limits.ts";
import type { Sessions } from "./sessions.ts";

/** The SDK compares it with its own; a test keeps the two in step. */
export const sdkVersion = "0.12.10";

/** `utils` of the SDK. */
export class Utils extends RpcTarget implements UtilsApi {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    super();
    this.#sessions = sessions;
  }

  async ping() {
    return "pong";
  }

  async getVersion() {
    return sdkVersion;
  }

  /** Programs on the PATH of the box. */
  async getCommands() {
    const folders = (this.#sessions.environment["PATH"] ?? "").split(":").filter((folder) => folder !== "");
    const found = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
    return [...new Set(found.flat())].sort().slice(0, agentLimits.maxListed);
  }

  async createSession(options: { id: string; env?: Record<string, string | undefined>; cwd?: string }) {
    const id = idText(options?.id, "id");
    const cwd = options.cwd === undefined ? undefined : pathText(options.cwd, "cwd");
    this.#sessions.create(id, variables(options.env), cwd);
    return { success: true, id, message: "Session created", timestamp: stamp(), containerPlacementId: null };
  }

  async deleteSession(sessionId: string) {
    await this.#sessions.delete(idText(sessionId, "sessionId"));
    return { success: true, sessionId, timestamp: stamp() };
  }

  async listSessions() {
    return { sessions: this.#sessions.ids() };
  }
}
