import { setTimeout as pause } from "node:timers/promises";

export interface EventSourceOptions {
  url: string;
  /** After each (re)connection, before any event of it. */
  onOpen: () => Promise<void>;
  onEvent: (data: unknown) => void;
  signal: AbortSignal;
}

async function readOnce({ url, onOpen, onEvent, signal }: EventSourceOptions): Promise<void> {
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const decoder = new TextDecoder();
  let rest = "";
  let opened: Promise<void> | null = null;
  for await (const part of response.body) {
    opened ??= onOpen();
    await opened;
    rest += decoder.decode(part, { stream: true });
    const events = rest.split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) if (event.startsWith("data: ")) onEvent(JSON.parse(event.slice("data: ".length)));
  }
}

/** Reads server-sent events until `signal`, coming again when the connection breaks. */
export async function readEvents(options: EventSourceOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await readOnce(options);
    } catch {
      // The other side is away; whoever waits has a time of their own.
    }
    if (!options.signal.aborted) await pause(50, undefined, { signal: options.signal }).catch(() => {});
  }
}
