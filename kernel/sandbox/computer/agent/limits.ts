/** Every bound of the program in the box, each with its unit in its name. What a person sees is in `kernel/limits.ts`. */
export const agentLimits = {
  /** Of each of stdout and stderr of a foreground command: the first bytes as they come, the last ones at the end. */
  outputHeadBytes: 512 * 1024,
  outputTailBytes: 512 * 1024,
  /** The same of a background process, kept for as long as it is listed. */
  logHeadBytes: 64 * 1024,
  logTailBytes: 192 * 1024,
  /** What a command writes past this is read slowly, so that a flood does not eat the processor. */
  floodBytes: 64 * 1024 * 1024,
  floodPauseMs: 5,
  /** From TERM to KILL. */
  killGraceMs: 2_000,
  /** How long, and how often, a program is tried to be started while there is no room for a process. */
  startWithinMs: 5_000,
  startRetryMs: 50,
  /** After a shell has ended: children that hold its output are waited for while they write, up to `max`. */
  drainQuietMs: 30,
  drainMaxMs: 1_000,
  /** A command without a time of its own. */
  commandMs: 60 * 60 * 1000,
  maxCommandBytes: 1024 * 1024,
  /** Longer than this it comes by file: Linux takes 128 KiB an argument. */
  maxArgumentBytes: 64 * 1024,
  /** Foreground commands at the same time, in all sessions. */
  maxRunning: 64,
  /** Commands that wait for their turn in one session. */
  maxWaiting: 64,
  /** The longest a timer of Node can be. */
  maxTimerMs: 2_147_483_647,
  maxSessions: 256,
  /** Variables and functions of one session. */
  maxStateBytes: 1024 * 1024,
  maxVariables: 500,
  /** Background processes that run, and ended ones that are still listed. */
  maxProcesses: 64,
  maxEnded: 64,
  /** Read or written as one value. Streams have no such bound. */
  maxFileBytes: 32 * 1024 * 1024,
  chunkBytes: 64 * 1024,
  maxPathBytes: 4_096,
  maxListed: 20_000,
  /** A stream of bytes that stands still is given up. */
  streamIdleMs: 60_000,
  /** Bytes of events that wait for a slow reader. */
  maxFeedBytes: 16 * 1024 * 1024,
  /** A quiet stream says something this often; only so is it noticed that nobody listens any more. */
  heartbeatMs: 200,
  maxWatches: 32,
  maxWatched: 100_000,
  watchSettleMs: 25,
  watchSettleMaxMs: 120,
  /** Every folder is looked through this often, in case the system dropped an event. */
  watchSweepMs: 10_000,
  /** The same when the system has no watches left. */
  watchPollMs: 500,
  maxChangeLogs: 32,
  changeLogIdleMs: 30 * 60 * 1000,
  portWatchMs: 10 * 60 * 1000,
  portProbeMs: 2_000,
  cloneMs: 10 * 60 * 1000,
  /** Of an archive, packed. The same as `limits.computer.maxSnapshotBytes`. */
  maxArchiveBytes: 256 * 1024 * 1024,
  archiveMs: 10 * 60 * 1000,
  maxConnections: 64,
  maxFrameBytes: 64 * 1024 * 1024,
  maxBridged: 256,
  /** The first line of a connection to the ports socket. */
  portLineMs: 5_000,
  maxTerminals: 8,
  /** One that nobody looks at is ended after this. */
  terminalIdleMs: 10 * 60 * 1000,
  /** What a page that comes back is shown of before. */
  terminalReplayBytes: 64 * 1024,
  maxTerminalSide: 1_000,
  /** A terminal's output is not read while this much of it waits for the page. */
  terminalBufferBytes: 256 * 1024,
} as const;
