import { RpcTarget } from "capnweb";
import { Commands } from "./commands.ts";
import { Files } from "./files.ts";
import { Ports } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";
import { Processes } from "./processes.ts";
import type { Sessions } from "./sessions.ts";
import { Interpreter, Tunnels } from "./unsupported.ts";
import { Utils } from "./utils.ts";

/** What all connections share. */
export interface BoxParts {
  sessions: Sessions;
  processes: ProcessTable;
}

/** What one connection is given: the SDK's parts by their names. What it started in the foreground ends with it. */
export class Box extends RpcTarget {
  readonly #commands: Commands;
  readonly #files: Files;
  readonly #processes: Processes;
  readonly #ports: Ports;
  readonly #utils: Utils;
  readonly #interpreter = new Interpreter();
  readonly #tunnels = new Tunnels();

  constructor(parts: BoxParts, connection: AbortSignal) {
    super();
    this.#commands = new Commands(parts.sessions, connection, async () => null);
    this.#files = new Files(parts.sessions);
    this.#processes = new Processes(parts.sessions, parts.processes);
    this.#ports = new Ports(parts.processes);
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
