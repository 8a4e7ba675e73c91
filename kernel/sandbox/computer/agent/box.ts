import { RpcTarget } from "capnweb";
import type { BoxApi } from "./api-types.ts";
import { Commands } from "./commands.ts";
import { Backup, restoreByCommand } from "./backup.ts";
import { Files } from "./files.ts";
import { Git } from "./git.ts";
import { Ports } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";
import { Processes } from "./processes.ts";
import type { Sessions } from "./sessions.ts";
import { Interpreter, Tunnels } from "./unsupported.ts";
import { Utils } from "./utils.ts";
import type { ChangeLog } from "./change-log.ts";
import type { TreeWatch } from "./watch-tree.ts";
import { Watches } from "./watches.ts";

/** What all connections share. */
export interface BoxParts {
  sessions: Sessions;
  processes: ProcessTable;
  changes: ChangeLog;
  /** Folders that are watched by whichever connection. */
  watches: Set<TreeWatch>;
}

/** What one connection is given: the SDK's parts by their names. What it started in the foreground ends with it. */
export class Box extends RpcTarget implements BoxApi {
  readonly #commands: Commands;
  readonly #files: Files;
  readonly #processes: Processes;
  readonly #ports: Ports;
  readonly #watch: Watches;
  readonly #git: Git;
  readonly #backup: Backup;
  readonly #utils: Utils;
  readonly #interpreter = new Interpreter();
  readonly #tunnels = new Tunnels();

  constructor(parts: BoxParts, connection: AbortSignal) {
    super();
    this.#commands = new Commands(parts.sessions, connection, restoreByCommand);
    this.#files = new Files(parts.sessions);
    this.#processes = new Processes(parts.sessions, parts.processes);
    this.#ports = new Ports(parts.processes);
    this.#watch = new Watches(parts.sessions, parts.changes, parts.watches);
    this.#git = new Git(parts.sessions);
    this.#backup = new Backup(parts.sessions);
    this.#utils = new Utils(parts.sessions);
  }

  get commands() {
    return this.#commands;
  }
  get files() {
    return this.#files;
  }
  get processes() {
    return this.#processes;
  }
  get ports() {
    return this.#ports;
  }
  get watch() {
    return this.#watch;
  }
  get git() {
    return this.#git;
  }
  get backup() {
    return this.#backup;
  }
  get utils() {
    return this.#utils;
  }
  get interpreter() {
    return this.#interpreter;
  }
  get tunnels() {
    return this.#tunnels;
  }
}
