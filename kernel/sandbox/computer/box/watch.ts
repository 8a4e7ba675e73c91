import { type FileWatchSSEEvent, parseSSEStream } from "@cloudflare/sandbox";
import type { OnChange, WatchOrder } from "../box-port.ts";
import type { BoxChange } from "../types.ts";
import type { ComputerSandbox } from "./computer-sandbox.ts";

/** Changes that come together are told together. */
const togetherMs = 50;
const maxTogether = 500;

const kinds = {
  create: "changed",
  modify: "changed",
  move_to: "changed",
  delete: "removed",
  move_from: "removed",
} as const;

/** Of each path the last thing that happened to it. */
export function lastOfEach(changes: readonly BoxChange[]): BoxChange[] {
  const last = new Map<string, BoxChange>();
  for (const change of changes) {
    last.delete(change.path);
    last.set(change.path, change);
  }
  return [...last.values()];
}

/** Watches until the signal ends it or the box goes away. */
export async function watchFolder(
  sandbox: ComputerSandbox,
  { folder }: WatchOrder,
  listener: { onReady(): void; onChange: OnChange; signal: AbortSignal },
): Promise<void> {
  const { signal } = listener;
  let waiting: BoxChange[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let told: Promise<unknown> = Promise.resolve();
  const tell = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = lastOfEach(waiting);
    waiting = [];
    // One after the other: the order of changes is what a listener goes by.
    if (batch.length > 0) told = told.then(() => listener.onChange(batch)).catch(() => undefined);
  };
  const stream = await sandbox.watch(folder, { recursive: true });
  try {
    for await (const event of parseSSEStream<FileWatchSSEEvent>(stream, signal)) {
      if (event.type === "watching") listener.onReady();
      if (event.type === "stopped" || event.type === "error") break;
      if (event.type !== "event" || event.eventType === "attrib") continue;
      waiting.push({ path: event.path, kind: kinds[event.eventType] });
      if (waiting.length >= maxTogether) tell();
      else timer ??= setTimeout(tell, togetherMs);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    tell();
    await told;
  }
}
