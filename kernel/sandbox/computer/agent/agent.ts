import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Box } from "./box.ts";
import { listening } from "./bridge.ts";
import { ChangeLog } from "./change-log.ts";
import { controlServer } from "./control.ts";
import { egressServer } from "./egress.ts";
import type { AgentOptions } from "./options.ts";
import { portsServer } from "./ports-gate.ts";
import { ProcessTable } from "./process-table.ts";
import { Sessions } from "./sessions.ts";
import { Terminals } from "./terminals.ts";
import type { TreeWatch } from "./watch-tree.ts";

export interface Agent {
  readonly egressPort: number;
  /** Ends all it started and takes its sockets away. */
  close(): Promise<void>;
}

/** Opens the sockets of the box. @throws the system's error when one cannot be opened */
export async function startAgent(options: AgentOptions, given: NodeJS.ProcessEnv): Promise<Agent> {
  // The first call of this kind makes Node's threads. Later there may be no room for one, and Node would end.
  await mkdir(options.run, { recursive: true });
  const path = (name: string) => join(options.run, name);
  // Of a box that was killed: a socket that nobody listens on stays behind as a file.
  for (const name of ["control.sock", "ports.sock"]) rmSync(path(name), { force: true });

  const egress = egressServer(path("egress.sock"));
  await listening(egress, { port: options.egressPort, host: "127.0.0.1" });
  const { port: egressPort } = egress.address() as AddressInfo;
  const ports = portsServer(() => egressPort);
  await listening(ports, { path: path("ports.sock") });

  const sessions = new Sessions({ ...options, egressPort }, given);
  const processes = new ProcessTable();
  const changes = new ChangeLog();
  const watches = new Set<TreeWatch>();
  const terminals = new Terminals(sessions);
  const control = controlServer({
    box: (gone) => new Box({ sessions, processes, changes, watches }, gone),
    terminal: (socket, asked) => void terminals.serve(socket, asked),
  });
  // The last to be opened: who reaches it finds everything else there.
  await listening(control, { path: path("control.sock") });
  return {
    egressPort,
    async close() {
      control.closeAllConnections();
      for (const server of [control, ports, egress]) server.close();
      changes.close();
      await terminals.close();
      for (const watch of watches) watch.close();
      await processes.killAll();
      await sessions.close();
    },
  };
}
