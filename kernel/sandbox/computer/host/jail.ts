import type { ChildProcess } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { limits } from "../../../limits.ts";
import type { Group, Groups } from "./cgroup/groups.ts";
import { measure, type DiskUse } from "./disk.ts";
import { watchDisk } from "./disk-watch.ts";
import { egressProxy, type EgressOptions } from "./egress/proxy.ts";
import { listenAt } from "./egress/listen.ts";
import type { EtcFile } from "./etc.ts";
import type { Folder } from "./folders.ts";
import { connectInside, connectPort, connectWhenReady, NotListening } from "./inside.ts";
import { launch, type Tools } from "./launch.ts";
import { systemParts } from "./system.ts";
import { controlPort, type Ended, type Figures } from "./wire.ts";

/** What every jail of a host has in common. */
export interface JailSetup {
  groups: Groups;
  tools: Tools;
  seccomp: Uint8Array;
  etc: EtcFile[];
  node: string;
  agent: string;
  bindings: string;
  isRoot: boolean;
  disableUserns: boolean;
}

const words = {
  asked: "The computer was put to sleep.",
  memory: `The computer ran out of memory (${limits.computer.memoryBytes / 1024 ** 2} MiB) and everything in it was ended; its files are kept.`,
  other: "The computer ended by itself; its files are kept.",
};

/** A box that runs: its processes, its group, its way out, and what watches it. */
export class Jail {
  readonly startedAt = Date.now();
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #folder: Folder;
  readonly #group: Group;
  readonly #over = new AbortController();
  readonly #refusals: { count: number; last: string[] };
  #disk: DiskUse | null;
  #reason: { limit: "disk" | null; message: string } | null = null;
  #ready: Promise<void>;

  private constructor(
    child: ChildProcess,
    folder: Folder,
    group: Group,
    egress: Server,
    disk: DiskUse | null,
    refusals: { count: number; last: string[] },
  ) {
    this.#refusals = refusals;
    this.#child = child;
    this.#folder = folder;
    this.#group = group;
    this.#disk = disk;
    this.ended = new Promise((done) => {
      child.once("error", () => done(this.#tell(-1)));
      child.once("exit", (code, signal) => done(this.#tell(signal === null ? (code ?? 1) : 137)));
    }).then(async (ended) => {
      this.#over.abort();
      egress.close();
      egress.closeAllConnections();
      await group.end();
      return ended as Ended;
    });
    const wait = AbortSignal.any([this.#over.signal, AbortSignal.timeout(limits.jail.readyMs)]);
    this.#ready = connectWhenReady(folder.run, "control.sock", wait).then((socket) => void socket.destroy());
    // A box that never gets ready says so to those who connect.
    this.#ready.catch(() => undefined);
  }

  static async start(
    setup: JailSetup,
    folder: Folder,
    options: { env: Record<string, string>; egress: EgressOptions },
  ): Promise<Jail> {
    const { groups, tools, seccomp, isRoot } = setup;
    const disk = await measure(folder.path, isRoot);
    const full = disk === null || disk.bytes > limits.computer.diskBytes;
    const refusals = { count: 0, last: [] as string[] };
    const refused = (reason: string) => {
      refusals.count += 1;
      refusals.last = [...refusals.last, reason].slice(-limits.jail.egress.maxRefusals);
    };
    const egress = egressProxy({ ...options.egress, refused });
    const socket = join(folder.run, "egress.sock");
    await listenAt(egress, folder.run, "egress.sock");
    chmodSync(socket, 0o600);
    if (folder.uid !== null) chownSync(socket, folder.uid, folder.uid);
    const group = groups.open(folder.id);
    const child = launch({
      plan: {
        system: systemParts(),
        etc: setup.etc,
        workspace: join(folder.path, "workspace"),
        home: join(folder.path, "home"),
        r2: join(folder.path, "r2"),
        run: folder.run,
        node: setup.node,
        agent: setup.agent,
        bindings: setup.bindings,
        env: options.env,
        disableUserns: setup.disableUserns,
        fileBytes: full ? limits.jail.overfullBytes : limits.computer.diskBytes,
        maxTasks: groups.holds.tasks ? null : limits.computer.maxTasks,
        nice: !groups.holds.cpu,
      },
      uid: folder.uid,
      joinBy: group.joinBy,
      seccomp,
      tools,
    });
    const jail = new Jail(child, folder, group, egress, disk, refusals);
    // What the program inside says is for nobody: it could say anything, without end.
    child.stdout?.resume();
    child.stderr?.resume();
    watchDisk({
      path: folder.path,
      isRoot,
      atStart: disk ?? { bytes: 0, files: 0 },
      onUse: (use) => (jail.#disk = use),
      onFull: (message) => jail.#stop({ limit: "disk", message }),
      signal: jail.#over.signal,
    });
    return jail;
  }

  /** A connection into the box: to the program that serves it, or to a port there. @throws NotListening */
  async connect(port: number): Promise<Socket> {
    await this.#ready;
    if (this.#over.signal.aborted) throw new NotListening("the computer has ended");
    return port === controlPort ? connectInside(this.#folder.run, "control.sock") : connectPort(this.#folder.run, port);
  }

  /** Ends all that runs in it. What it wrote is with the host's kernel already: there is nothing to wait for. */
  end(): Promise<Ended> {
    this.#stop({ limit: null, message: words.asked });
    return this.ended;
  }

  get figures(): Figures {
    const { count: hostRefusals, last: refusedHosts } = this.#refusals;
    return { ...this.#group.figures(), diskBytes: this.#disk?.bytes ?? null, hostRefusals, refusedHosts };
  }

  #stop(reason: { limit: "disk" | null; message: string }): void {
    this.#reason ??= reason;
    this.#child.kill("SIGKILL");
  }

  #tell(exitCode: number): Ended {
    if (this.#reason) return { exitCode, ...this.#reason };
    return this.#group.figures().memoryKills > 0 && exitCode !== 0
      ? { exitCode, limit: "memory", message: words.memory }
      : { exitCode, limit: null, message: words.other };
  }
}
