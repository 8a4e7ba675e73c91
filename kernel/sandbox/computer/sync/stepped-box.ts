import type { TurnId } from "../../../ids.ts";
import type { Box } from "../types.ts";
import type { Sync, SyncExec } from "./types.ts";

/**
 * A box whose commands find the person's files in step, and leave them so: what a command wrote is with the Kernel when
 * it is over. What is to be known of the files stands among the limits of its result.
 */
export function steppedBox(box: Box, sync: Sync, scope: { thread: SyncExec["thread"]; turn: TurnId | null }): Box {
  return {
    ...box,
    async exec(request) {
      const exec = { ...scope, command: request.command };
      const before = await sync.before(exec);
      const running = box.exec({ ...request, env: { ...before.env, ...request.env } });
      // However it ends: what it wrote is there.
      const [ended] = await Promise.allSettled([running]);
      const after = await sync.after(exec);
      if (ended.status === "rejected") throw ended.reason;
      return { ...ended.value, limits: [...ended.value.limits, ...before.notes, ...after.notes] };
    },
    async start(request) {
      const exec = { ...scope, command: request.command };
      const { env } = await sync.before(exec);
      try {
        return await box.start({ ...request, env: { ...env, ...request.env } });
      } finally {
        // What it writes from now on is followed.
        await sync.after(exec);
      }
    },
    async destroy() {
      await sync.forget();
      await box.destroy();
    },
  };
}

/** A box that works on the files themselves, told where those of the thread are. */
export function withThread(box: Box, folder: string): Box {
  const env = { DECKHAND_THREAD_FILES: folder };
  return {
    ...box,
    exec: (request) => box.exec({ ...request, env: { ...env, ...request.env } }),
    start: (request) => box.start({ ...request, env: { ...env, ...request.env } }),
  };
}
