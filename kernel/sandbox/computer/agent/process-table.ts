import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";
import type { ProcessRecord } from "./process-record.ts";

/** The background processes of a box, in the order they were started; ended ones are forgotten oldest first. */
export class ProcessTable {
  readonly #byId = new Map<string, ProcessRecord>();

  list(): ProcessRecord[] {
    return [...this.#byId.values()];
  }

  /** @throws AgentError PROCESS_NOT_FOUND */
  get(id: string): ProcessRecord {
    const found = this.#byId.get(id);
    if (found === undefined)
      throw new AgentError("PROCESS_NOT_FOUND", `Process not found: ${id.slice(0, 100)}`, {
        processId: id.slice(0, 100),
      });
    return found;
  }

  find(id: string): ProcessRecord | undefined {
    return this.#byId.get(id);
  }

  /** @throws AgentError PROCESS_ERROR when the id runs already, RESOURCE_BUSY when too many run */
  add(record: ProcessRecord): void {
    if (this.#byId.get(record.id)?.running === true)
      throw new AgentError("PROCESS_ERROR", `A process of the id "${record.id}" runs already.`, {
        processId: record.id,
      });
    if (this.list().filter(({ running }) => running).length >= agentLimits.maxProcesses)
      throw new AgentError(
        "RESOURCE_BUSY",
        `${agentLimits.maxProcesses} background processes run already. End one first.`,
      );
    this.#byId.delete(record.id);
    this.#byId.set(record.id, record);
    const ended = this.list().filter(({ running }) => !running);
    for (const old of ended.slice(0, Math.max(0, ended.length - agentLimits.maxEnded))) this.#byId.delete(old.id);
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  /** Ends all; gives how many ran. */
  async killAll(): Promise<number> {
    const running = this.list().filter((record) => record.running);
    await Promise.all(running.map((record) => record.kill()));
    return running.length;
  }
}
