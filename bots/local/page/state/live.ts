import type { PageEvent } from "../../workspace/page-api.ts";
import { backoffMs } from "./backoff.ts";

export interface LiveHandlers {
  /** The stream is open (again): what happened meanwhile must be fetched. */
  opened: () => void;
  event: (event: PageEvent) => void;
  lost: () => void;
}

/**
 * The stream of changes for one person. When it breaks it is opened again after a bounded, growing wait. A WebSocket, and
 * not server-sent events: a browser that takes a picture of the page waits for those to end.
 */
export function listen(me: string, handlers: LiveHandlers): () => void {
  let source: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let ended = false;

  const open = () => {
    clearTimeout(timer);
    source?.close();
    const mine = new WebSocket(`ws://${location.host}/local/live?as=${encodeURIComponent(me)}`);
    source = mine;
    mine.addEventListener("open", () => {
      attempt = 0;
      handlers.opened();
    });
    mine.addEventListener("message", (message: MessageEvent<string>) => {
      const event = read(message.data);
      if (event !== null) handlers.event(event);
    });
    mine.addEventListener("close", () => {
      if (ended || source !== mine) return;
      attempt += 1;
      handlers.lost();
      timer = setTimeout(open, backoffMs(attempt));
    });
  };
  // Back online or back in view: no reason to sit out the wait.
  const hurry = () => {
    if (!ended && attempt > 0 && document.visibilityState === "visible") open();
  };
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
    window.removeEventListener("online", hurry);
    document.removeEventListener("visibilitychange", hurry);
  };
}

function read(data: string): PageEvent | null {
  try {
    return JSON.parse(data) as PageEvent;
  } catch {
    return null;
  }
}
