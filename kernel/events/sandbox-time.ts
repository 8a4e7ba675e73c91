import type { SandboxTime, ThreadEvent } from "./types.ts";

/** How long the tools of a thread worked in each kind of sandbox, in milliseconds. */
export function sandboxTime(events: readonly ThreadEvent[]): Record<SandboxTime["tier"], number> {
  const sum = { isolate: 0, computer: 0 };
  for (const event of events) {
    if (event.type === "task.finished" && event.sandbox) sum[event.sandbox.tier] += event.sandbox.ms;
  }
  return sum;
}
