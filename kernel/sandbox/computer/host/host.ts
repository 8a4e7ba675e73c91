import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Boxes } from "./boxes.ts";
import { findGroups, type Holds } from "./cgroup/groups.ts";
import type { EgressIo } from "./egress/proxy.ts";
import { prepareEtc } from "./etc.ts";
import { Folders } from "./folders.ts";
import { seccompBytes } from "./seccomp/filter.ts";
import { hostServer } from "./server.ts";
import { findTools } from "./tools.ts";

export interface HostOptions {
  /** Keeps the disks of all boxes. */
  folder: string;
  token: string;
  /** Of 127.0.0.1; 0 takes any. */
  port: number;
  /** The program that serves a box, as one file. */
  agent: string;
  disableUserns: boolean;
  /** For tests: another network than the machine's. */
  io?: EgressIo;
}

export interface Host {
  url: string;
  holds: Holds;
  /** Ends every box and the server; disks are kept. */
  close(): Promise<void>;
}

/** The host of jails. @throws Error where `probeJail` says no */
export async function startHost({ folder, token, port, agent, disableUserns, io }: HostOptions): Promise<Host> {
  const isRoot = process.getuid?.() === 0;
  const { tools } = findTools(isRoot);
  const seccomp = seccompBytes(process.arch);
  if (tools === null || seccomp === null) throw new Error("this machine cannot make jails");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const groups = await findGroups(createHash("sha256").update(folder).digest("hex").slice(0, 12));
  const folders = new Folders(join(folder, "boxes"), isRoot);
  const etc = prepareEtc(join(folder, "etc"));
  const bindings = join(import.meta.dirname, "../bindings");
  const setup = { groups, tools, seccomp, etc, node: process.execPath, agent, bindings, isRoot, disableUserns };
  const boxes = new Boxes(folders, setup, io);
  const server = hostServer(boxes, token);
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    holds: groups.holds,
    async close() {
      server.close();
      await boxes.close();
      server.closeAllConnections();
    },
  };
}
