import { RpcTarget } from "capnweb";
import { Commands } from "./commands.ts";
import { Files } from "./files.ts";
import type { Sessions } from "./sessions.ts";
import { Interpreter, Tunnels } from "./unsupported.ts";
import { Utils } from "./utils.ts";

/** What all connections share. */
export interface BoxParts {
  sessions: Sessions;
}

/** What one connection is given: the SDK's parts by their names. What it started in the foreground ends with it. */
export class Box extends RpcTarget {
  readonly #commands: Commands;
  readonly #files: Files;
  readonly #utils: Utils;
  readonly #interpreter = new Interpreter();
  readonly #tunnels = new Tunnels();

  constructor(parts: BoxParts, connection: AbortSignal) {
    super();
    this.#commands = new Commands(parts.sessions, connection, async () => null);
    this.#files = new Files(parts.sessions);
    this.#utils = new Utils(parts.sessions);
  }

  get commands() {
    return this.#commands;
  }
  get files() {
    return this.#files;
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
