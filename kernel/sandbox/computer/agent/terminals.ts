import type { WebSocket as Socket } from "ws";
import { idText, text } from "./check.ts";
import { agentLimits } from "./limits.ts";
import type { Sessions } from "./sessions.ts";
import { sizeOf, Terminal } from "./terminal.ts";

/** The terminals of a box: one for each session that a page asked one for. */
export class Terminals {
  readonly #sessions: Sessions;
  readonly #bySession = new Map<string, Promise<Terminal>>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** `/ws/pty` of the SDK: `sessionId`, and `cols`, `rows` and `shell` if the page has wishes. */
  async serve(socket: Socket, asked: URLSearchParams): Promise<void> {
    socket.on("error", () => socket.terminate());
    try {
      const id = idText(asked.get("sessionId"), "sessionId");
      const size = sizeOf(asked.get("cols"), asked.get("rows"));
      const terminal = await this.#get(id, () =>
        Terminal.start(this.#sessions, id, size, text(asked.get("shell") ?? "bash", "shell", 256)),
      );
      terminal.attach(socket, size);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : "No terminal";
      socket.send(JSON.stringify({ type: "error", message }));
      socket.close(1011);
    }
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#bySession.values());
    for (const one of all) if (one.status === "fulfilled") one.value.end();
  }

  #get(id: string, start: () => Promise<Terminal>): Promise<Terminal> {
    const known = this.#bySession.get(id);
    if (known !== undefined) return known;
    if (this.#bySession.size >= agentLimits.maxTerminals)
      throw new Error(`${this.#bySession.size} terminals are open already. Close one first.`);
    const starting = start();
    this.#bySession.set(id, starting);
    void starting
      .then((terminal) => terminal.ended)
      .catch(() => undefined)
      .then(() => this.#bySession.delete(id));
    return starting;
  }
}
