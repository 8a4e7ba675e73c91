import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";
import { type AgentOptions, baseEnvironment } from "./options.ts";
import type { Run } from "./run.ts";
import { type Command, Session } from "./session.ts";

/** The SDK's word for "no session": each command by itself. */
const noSession = "__DISABLE_SESSION__";

/** All sessions of the box, by id. One that is not known is made, as in the SDK's own container. */
export class Sessions {
  readonly #options: AgentOptions;
  readonly #env: Record<string, string>;
  readonly #folder: string;
  readonly #byId = new Map<string, Session>();
  #count = 0;
  #running = 0;

  constructor(options: AgentOptions, given: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#env = baseEnvironment(options, given);
    this.#folder = options.state ?? mkdtempSync(join(tmpdir(), "deckhand-agent-"));
  }

  /** What every command finds in its environment before its session adds to it. */
  get environment(): Record<string, string> {
    return this.#env;
  }
  get workspace(): string {
    return this.#options.workspace;
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** @throws AgentError SESSION_ALREADY_EXISTS */
  create(id: string, env: Record<string, string>, cwd: string | undefined): Session {
    if (this.#byId.has(id))
      throw new AgentError("SESSION_ALREADY_EXISTS", `Session "${id}" already exists`, { sessionId: id });
    return this.#add(id, env, cwd);
  }

  /** The session of that id; used, it is the last to be forgotten. */
  get(id: string): Session {
    const known = this.#byId.get(id);
    if (known === undefined || id === noSession) return this.#add(id, {}, undefined);
    this.#byId.delete(id);
    this.#byId.set(id, known);
    return known;
  }

  /** A path as a session means it; one that is not known is where all begin. */
  resolve(id: string, path: string): string {
    return resolve(this.#byId.get(id)?.cwd ?? this.#options.workspace, path);
  }

  async delete(id: string): Promise<void> {
    const session = this.#byId.get(id);
    this.#byId.delete(id);
    await session?.close();
  }

  /**
   * A session for one command or path, given back after. Only "no session" ends with it.
   * @throws AgentError RESOURCE_BUSY when too many commands run.
   */
  async use<T>(id: string, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#running >= agentLimits.maxRunning)
      throw new AgentError("RESOURCE_BUSY", `${this.#running} commands run in this box already.`);
    this.#running += 1;
    const session = this.get(id);
    try {
      return await work(session);
    } finally {
      this.#running -= 1;
      if (id === noSession) await session.close();
    }
  }

  /** Starts what outlives the call, from what the session is now; it changes nothing of the session. */
  async detached(id: string, command: Command): Promise<Run> {
    const session = this.get(id);
    const run = await session.start(command, false);
    if (id === noSession) void run.ended.then(() => session.close());
    return run;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#byId.values()].map((session) => session.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #add(id: string, env: Record<string, string>, cwd: string | undefined): Session {
    if (id !== noSession && this.#byId.size >= agentLimits.maxSessions) this.#forgetOne();
    const session = new Session({
      id,
      folder: join(this.#folder, String((this.#count += 1))),
      cwd: cwd ?? this.#options.workspace,
      fallback: this.#options.workspace,
      env: { ...this.#env, ...env },
    });
    if (id !== noSession) this.#byId.set(id, session);
    return session;
  }

  /** The one that was used longest ago and does nothing now. */
  #forgetOne(): void {
    const idle = [...this.#byId.values()].find((session) => session.idle);
    if (idle === undefined) throw new AgentError("RESOURCE_BUSY", `${this.#byId.size} sessions are busy.`);
    this.#byId.delete(idle.id);
    void idle.close();
  }
}
