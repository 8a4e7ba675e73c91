import { z } from "zod";
import { StampedEvent } from "../../kernel/events/types.ts";

const Trace = z.object({ events: z.array(StampedEvent) });

/** The trace of a thread, as the Worker gives it on a laptop. */
export async function traceOf(workerUrl: string, channel: string, root: string): Promise<StampedEvent[]> {
  const id = encodeURIComponent(`slack:T0LOCAL:${channel}:${root}`);
  const response = await fetch(`${workerUrl}/threads/${id}/trace.json`);
  return Trace.parse(await response.json()).events;
}

/** Pure: how long each task of a tool that ended well was in a sandbox, as its Kernel has counted, in milliseconds. */
export function sandboxMs(events: readonly StampedEvent[]): number[] {
  return events.flatMap(({ event }) =>
    event.type === "task.finished" && event.outcome === "ok" && event.sandbox ? [event.sandbox.ms] : [],
  );
}

/** Pure: how long each task of a tool took that ended well, oldest first, in milliseconds. */
export function taskMs(events: readonly StampedEvent[], tool: string): number[] {
  const started = new Map<string, number>();
  const took: number[] = [];
  for (const { at, event } of events) {
    if (event.type === "task.started" && event.tool === tool) started.set(event.task, at);
    if (event.type !== "task.finished" || event.outcome !== "ok") continue;
    const from = started.get(event.task);
    if (from !== undefined) took.push(at - from);
  }
  return took;
}
