/**
 * Every bound of the kernel, each defined once. Units are in the names. Limits of a platform are in its adapter's
 * `limits.ts`; a limit that is somebody else's names its source.
 */
export const limits = {
  files: {
    /** Largest file taken from chat or written by a tool. */
    maxBytes: 25 * 1024 * 1024,
    maxPathBytes: 512,
    maxListed: 500,
    /** Text returned to the model by one read. */
    maxReadChars: 60_000,
  },
  pdf: {
    maxPages: 600,
    maxChars: 400_000,
    maxMs: 20_000,
  },
  isolate: {
    /** Cloudflare allows ten dynamic workers in flight in one Durable Object (doc). */
    maxInFlight: 10,
    maxQueued: 40,
    cpuMs: 5_000,
    wallMs: 30_000,
    maxLogLines: 500,
    maxLogChars: 32_000,
    maxResultChars: 64_000,
    maxCodeChars: 100_000,
    maxSubCalls: 200,
  },
  site: {
    maxFiles: 500,
    maxBytes: 50 * 1024 * 1024,
  },
  approval: {
    ttlMs: 7 * 24 * 60 * 60 * 1000,
    maxPendingPerThread: 20,
    maxCardLines: 40,
  },
  turn: {
    maxSteps: 24,
    maxFiles: 20,
    modelTimeoutMs: 120_000,
    maxTextChars: 200_000,
  },
  channel: {
    maxMessageChars: 40_000,
    maxUndelivered: 2_000,
  },
  thread: {
    maxHistoryMessages: 200,
    maxHistoryChars: 60_000,
    maxProgressEvents: 200,
    maxProgressChars: 4_000,
  },
} as const;
