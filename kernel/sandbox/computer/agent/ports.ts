import { RpcTarget } from "capnweb";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { PortsApi } from "./api-types.ts";
import { text } from "./check.ts";
import { AgentError } from "./errors.ts";
import { Feed, stamp } from "./feed.ts";
import { agentLimits } from "./limits.ts";
import { dial } from "./ports-gate.ts";
import type { ProcessTable } from "./process-table.ts";

type Asked = Parameters<PortsApi["watchPort"]>[0];

const answers = (port: number) =>
  new Promise<boolean>((resolve) => dial(port, (socket) => resolve(socket?.destroy() !== undefined)));

/** The status a server of the box answers with; null when there is none in time. */
function statusOf(port: number, path: string, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = request({ host, port, path, timeout: agentLimits.portProbeMs, agent: false }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? null);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(null));
    asked.end();
  });
}

/** `ports` of the SDK: waits until a server answers. */
export class Ports extends RpcTarget implements PortsApi {
  readonly #table: ProcessTable;

  constructor(table: ProcessTable) {
    super();
    this.#table = table;
  }

  async watchPort(asked: Asked) {
    const { port, mode } = asked;
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new AgentError("INVALID_PORT", "A port is 1 to 65535.", { port });
    if (mode !== "http" && mode !== "tcp") throw new AgentError("VALIDATION_FAILED", "mode is http or tcp.");
    const path = text(asked.path ?? "/", "path", agentLimits.maxPathBytes);
    if (!/^\/[\x21-\x7e]*$/.test(path)) throw new AgentError("VALIDATION_FAILED", "path is not a path of HTTP.");
    const process = asked.processId === undefined ? undefined : this.#table.get(asked.processId);
    const intervalMs = Math.min(Math.max(asked.interval ?? 500, 20), 10_000);
    const [low, high] = [asked.statusMin ?? 200, asked.statusMax ?? 399];

    const ready = async (): Promise<{ statusCode?: number } | null> => {
      if (mode === "tcp") return (await answers(port)) ? {} : null;
      const status = (await statusOf(port, path, "127.0.0.1")) ?? (await statusOf(port, path, "::1"));
      return status !== null && status >= low && status <= high ? { statusCode: status } : null;
    };
    const feed = new Feed();
    feed.send({ type: "watching", port, timestamp: stamp() });
    const watch = async () => {
      const until = performance.now() + agentLimits.portWatchMs;
      while (!feed.ended.aborted && performance.now() < until) {
        const found = await ready();
        if (found !== null) return feed.close({ type: "ready", port, ...found, timestamp: stamp() });
        if (process?.running === false)
          return feed.close({ type: "process_exited", port, exitCode: process.exitCode, timestamp: stamp() });
        await sleep(intervalMs);
      }
      feed.close({ type: "error", port, error: "No server answered in time.", timestamp: stamp() });
    };
    void watch();
    return feed.stream;
  }
}
