import type { ConnectionState } from "@cloudflare/sandbox/xterm";

/** What stands over the shell: where it is, and whether it can be opened anew. */
export interface Line {
  text: string;
  again: boolean;
}

/** A person's words for what the connection says; what went wrong stays until the next try. */
export function lineAfter(before: Line, state: ConnectionState, error?: string): Line {
  const ended = /^Session exited with code (-?\d+)/.exec(error ?? "")?.[1];
  if (ended !== undefined) return { text: `The shell has ended with code ${ended}.`, again: true };
  // The browser tells nothing of why; the workspace says it in words before it closes.
  if (error !== undefined && error !== "WebSocket error") return { text: error, again: true };
  switch (state) {
    case "connecting":
      return { text: "Waking the computer…", again: false };
    case "connected":
      return { text: "Connected", again: false };
    case "disconnected":
      return before.again ? before : { text: "The connection has ended.", again: true };
  }
}
