import { RpcTarget } from "capnweb";
import { randomUUID } from "node:crypto";
import type { ProcessesApi } from "./api-types.ts";
import { idText, milliseconds, pathText, text, variables } from "./check.ts";
import { stamp } from "./feed.ts";
import { agentLimits } from "./limits.ts";
import { ProcessRecord } from "./process-record.ts";
import type { ProcessTable } from "./process-table.ts";
import type { Sessions } from "./sessions.ts";

interface Options {
  processId?: string;
  timeoutMs?: number;
  env?: Record<string, string | undefined>;
  cwd?: string;
}

/** `processes` of the SDK: what goes on after the call, and after the connection. */
export class Processes extends RpcTarget implements ProcessesApi {
  readonly #sessions: Sessions;
  readonly #table: ProcessTable;

  constructor(sessions: Sessions, table: ProcessTable) {
    super();
    this.#sessions = sessions;
    this.#table = table;
  }

  /** Starts from what its session is now, and changes nothing of it. */
  async startProcess(command: string, sessionId: string, options: Options = {}) {
    text(command, "command", agentLimits.maxCommandBytes);
    const env = variables(options?.env);
    const cwd = options?.cwd === undefined ? undefined : pathText(options.cwd, "cwd");
    const id = options?.processId === undefined ? `proc-${randomUUID()}` : idText(options.processId, "processId");
    const timeoutMs =
      options?.timeoutMs === undefined ? null : milliseconds(options.timeoutMs, 0, agentLimits.maxTimerMs);
    const record = new ProcessRecord(id, command, idText(sessionId, "sessionId"));
    // Its place is taken before it runs, so that many calls at once cannot pass the cap.
    this.#table.add(record);
    try {
      const onChunk = (stream: "stdout" | "stderr", chunk: Buffer) => record.wrote(stream, chunk);
      const run = await this.#sessions.detached(sessionId, { command, env, cwd, onChunk });
      record.started(run);
      const timer = timeoutMs === null ? undefined : setTimeout(() => void record.kill(), timeoutMs);
      void record.ended.then(() => clearTimeout(timer));
      return { success: true, processId: id, pid: run.pid, command, timestamp: stamp() };
    } catch (thrown) {
      this.#table.remove(id);
      throw thrown;
    }
  }

  async listProcesses() {
    return { success: true, processes: this.#table.list().map(({ info }) => info), timestamp: stamp() };
  }

  async getProcess(id: string) {
    return { success: true, process: this.#table.get(idText(id, "id")).info, timestamp: stamp() };
  }

  async killProcess(id: string) {
    await this.#table.get(idText(id, "id")).kill();
    return { success: true, processId: id, timestamp: stamp() };
  }

  async killAllProcesses() {
    return { success: true, cleanedCount: await this.#table.killAll(), timestamp: stamp() };
  }

  async getProcessLogs(id: string) {
    return { success: true, processId: id, ...this.#table.get(idText(id, "id")).logs, timestamp: stamp() };
  }

  async streamProcessLogs(id: string) {
    return this.#table.get(idText(id, "id")).follow();
  }
}
