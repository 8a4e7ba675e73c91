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
    /** More than this on one page is no page: a bomb. */
    maxPageChars: 100_000,
    /** Text that is this many times the file's bytes, past `maxChars`, is no document either. */
    maxCharsPerByte: 20,
    /** What one stream of a PDF may unpack to; for a picture four bytes for each of `maxPixels`. */
    maxStreamBytes: 24 * 1024 * 1024,
    maxPictureBytes: 48_000_000,
    /** What is unpacked at most to find that out. */
    maxUnpackedBytes: 600 * 1024 * 1024,
    /** Pictures of scanned pages taken by one call; a page further on is asked for by a call that starts there. */
    maxScanPages: 8,
    /** Of a scanned page; a larger one is not unpacked (12 MP are A4 at 300 dpi and some). */
    maxPixels: 12_000_000,
    /** A model sees no more in a larger picture. */
    maxPictureSide: 1_600,
  },
  isolate: {
    /** Cloudflare allows ten dynamic workers in flight in one Durable Object (doc). */
    maxInFlight: 10,
    maxQueued: 40,
    cpuMs: 5_000,
    /** On a laptop a program shares the thread with the acknowledgement, which Slack gives up on after 3 s. */
    localCpuMs: 2_000,
    wallMs: 30_000,
    maxLogLines: 500,
    maxLogChars: 32_000,
    maxResultChars: 64_000,
    /** A result that is more than `maxResultChars`, or bytes, becomes a file of at most this. */
    maxResultBytes: 8 * 1024 * 1024,
    maxCodeChars: 100_000,
    /** One file that a program writes. */
    maxWriteBytes: 25 * 1024 * 1024,
    /** On a laptop the bucket is in the same thread, and holds everybody up for a second for each ten megabytes. */
    localWriteBytes: 8 * 1024 * 1024,
    /** Calls of FILES, TOOLS and PROXY together. */
    maxSubCalls: 200,
    /** Of these, worked on at once: of FILES and PROXY, and as many of TOOLS; each may hold a whole file in memory. */
    maxCallsAtOnce: 4,
    /** Waiting for that in the Kernel; a program itself sends no more than are worked on. */
    maxCallsQueued: 12,
    /** One buffer, string or array that a program asks for; an isolate has 128 MB in all. */
    maxAllocationBytes: 64 * 1024 * 1024,
    /** Buffers that a program holds, together; for where nobody enforces its 128 MB. */
    maxHeldBytes: 1024 * 1024 * 1024,
    /** While a card waits for a person, a program's wall time stands still: for this long in all. */
    maxApprovalWaitMs: 10 * 60_000,
    /** The body of a request through PROXY. */
    maxRequestBytes: 8 * 1024 * 1024,
  },
  /** What a Kernel does by itself for a call: counted by what is handled, in milliseconds of one processor. */
  work: {
    /** So much, and others get their turn. */
    sliceMs: 8,
    /** For one call of the model's, with all that is called from within it; a program has its `isolate.cpuMs`. */
    maxCallMs: 20_000,
    /** One call of FILES, TOOLS or PROXY, or one file that is looked at. */
    callMs: 1,
    /** Bytes that are searched, copied or parsed. */
    bytesPerMs: 100_000,
    /** A file that is written: hash, version, object and index. */
    writeMs: 5,
    writeBytesPerMs: 25_000,
    /** A file from this size on is written alone: its bytes are held in memory several times. */
    largeFileBytes: 512 * 1024,
  },
  nested: {
    /** Tools called by a tool: a program calls the computer, a command there calls a tool, and that is the end. */
    maxDepth: 2,
    /** The input of such a call, as JSON. */
    maxInputChars: 4 * 1024 * 1024,
    /** Values in it, which is what reading it takes: objects, lists, texts, numbers. */
    maxInputValues: 10_000,
    maxInputDepth: 64,
  },
  computer: {
    /** Boxes of one person. */
    maxBoxes: 5,
    /** A foreground command; longer work goes to the background. */
    defaultCommandMs: 60_000,
    maxCommandMs: 110_000,
    maxCommandChars: 30_000,
    maxStdinChars: 200_000,
    /** Of each of stdout and stderr, given to the model. */
    maxOutputChars: 30_000,
    /** Of a command's output passed on while it runs; all of it counts for the result. */
    maxStreamedChars: 1_000_000,
    /** Background processes of one box. */
    maxProcesses: 20,
    /** While something is asked of a box: how often it is seen to that it answers, and how long it may take to. */
    pingMs: 4_000,
    /** Pings in a row without an answer after which it is ended; more while it starts. */
    maxMissedPings: 3,
    maxMissedWhileStarting: 16,
    /** A box nobody used for this long sleeps. */
    sleepAfterSeconds: 10 * 60,
    maxPorts: 5,
    /** A link to a port. */
    portTtlMs: 8 * 60 * 60 * 1000,
    maxSnapshots: 5,
    maxSnapshotBytes: 256 * 1024 * 1024,
    /** Of one box in a jail. */
    memoryBytes: 1024 * 1024 * 1024,
    diskBytes: 2 * 1024 * 1024 * 1024,
    maxTasks: 256,
    maxEgressHosts: 50,
    /** The simulated shell: what of it is not the person's files is small, and kept beside them. */
    simulated: {
      /** Of computing in one command; waiting is not counted. */
      cpuMs: 5_000,
      /** All of /workspace, /home/box and /tmp. */
      diskBytes: 5 * 1024 * 1024,
      maxFiles: 2_000,
      /** Of the person's files, read and written by one command. */
      filesBytes: 48 * 1024 * 1024,
      /** Files of one root that one command can see. */
      maxSeen: 10_000,
      /** Calls for the person's files, of one command. */
      maxCalls: 2_000,
      /** Written by one command, in all. */
      outputBytes: 8 * 1024 * 1024,
      maxCommands: 100_000,
      maxCallDepth: 100,
      /** Held by one command at a time: strings, intermediate results. */
      liveBytes: 48 * 1024 * 1024,
      maxSessions: 20,
      maxSessionChars: 16_000,
      /** Commands of one box that wait for the one that runs. */
      maxQueued: 20,
    },
    /** The person's files in a box, at /r2. */
    sync: {
      /** What a fresh box is given, the newest first; the rest is named in /r2/NOT-HERE.txt. */
      maxEagerFiles: 2_000,
      maxEagerBytes: 50 * 1024 * 1024,
      /** What of the person's a box is given in all, what was written since it was made included. */
      maxBoxBytes: 512 * 1024 * 1024,
      /** Files of one box that are kept in step. */
      maxFiles: 5_000,
      /** Of the Kernel's side, looked through for what a box has not; more are left out. */
      maxListed: 20_000,
      maxDepth: 32,
      /** What one look at the box brings over before others get a turn. */
      maxPassFiles: 500,
      maxPassBytes: 64 * 1024 * 1024,
      /** What a command waits for its files at most, before and after. */
      beforeMs: 20_000,
      afterMs: 20_000,
      /** One call to the box. */
      callMs: 15_000,
      /** Small files on their way at the same time; a larger one goes alone, for its bytes are held in memory. */
      maxParallel: 6,
      smallBytes: 256 * 1024,
      /** From a change in the box to the look at it. */
      debounceMs: 150,
      /** How often a thread's files are looked at while a command of it runs: other people write them too. */
      threadPollMs: 1_000,
      /** How often a box is looked at that cannot tell of changes. */
      blindPollMs: 1_000,
      /** A file that is written all the time gets a version this often, and per megabyte so much later. */
      versionEveryMs: 1_000,
      /** Times of change closer to now than this may hide another change. */
      racyMs: 2_000,
      maxNotes: 12,
    },
  },
  /** The host of jails: what one machine takes on, beside `computer` for each box. */
  jail: {
    /** Disk folders kept, asleep ones included. */
    maxFolders: 50,
    maxRunning: 10,
    /** From its start until the program inside must answer. */
    readyMs: 20_000,
    /** In memory, each: /tmp, /dev/shm, /run. */
    tmpBytes: 256 * 1024 * 1024,
    shmBytes: 64 * 1024 * 1024,
    runBytes: 8 * 1024 * 1024,
    maxOpenFiles: 8_192,
    maxFiles: 300_000,
    /** Of a whole CPU that others want too; the rest of the machine has 1024. */
    cpuShares: 256,
    diskLookMs: 1_000,
    /** A look at a disk that takes longer is given up and counts as full. */
    maxDiskLookMs: 20_000,
    /** What a box that is too full may still write, so that something in it can be deleted. */
    overfullBytes: 16 * 1024 * 1024,
    maxControlBytes: 64 * 1024,
    /** Requests into one box at the same time. */
    maxForwards: 200,
    forwardIdleMs: 15 * 60_000,
    monitorMs: 30_000,
    egress: {
      maxConnections: 64,
      maxBytes: 2 * 1024 * 1024 * 1024,
      maxMs: 30 * 60_000,
      idleMs: 2 * 60_000,
      connectMs: 10_000,
      maxCallBytes: 2 * 1024 * 1024,
      /** Kept of a box, to be told with the command that asked. */
      maxRefusals: 10,
    },
  },
  repo: {
    /** A diff that is decided about; larger is more than a person can look through. */
    maxDiffBytes: 512 * 1024,
    /** What such a diff is made of: files before and after, folders and commits, hashed again outside of the box. */
    maxObjectBytes: 16 * 1024 * 1024,
    /** Commits of one push. */
    maxCommits: 2_000,
    maxShownCommits: 50,
    /** Of a diff in a card or in the thread; a longer one stands in a file. */
    maxShownChars: 12_000,
    maxShownFiles: 60,
  },
  site: {
    maxFiles: 500,
    maxBytes: 50 * 1024 * 1024,
  },
  approval: {
    ttlMs: 7 * 24 * 60 * 60 * 1000,
    maxPendingPerThread: 20,
    /** To make a card: the diff of a large repo in a box that has to wake first takes seconds. */
    maxPrepareMs: 90_000,
    maxCardLines: 40,
  },
  turn: {
    maxSteps: 24,
    /** Calls of one step; what the model asks for beyond them is left out. */
    maxCallsPerStep: 64,
    /** A turn that crashes took with them this often is not taken up again. */
    maxStarts: 6,
    /** Moves of one turn in one life of its object: far more than its steps and calls can make. */
    maxMoves: 2_000,
    /** Events of the thread among which those of a turn are looked for. */
    maxEvents: 5_000,
    /** The model is called this often for one step, when crashes cut it off. */
    maxAttempts: 4,
    /** Turns before it that the model reads; what is older is left out, and it is told so. */
    maxInPrompt: 60,
    /** Characters of those turns, as JSON. */
    maxPromptChars: 400_000,
    /** After this, a turn that nobody works on is taken up again, also after a crash. */
    wakeMs: 3_000,
    /** A call that its Kernel could not be asked for is asked for again, this often. */
    maxCallTries: 3,
    /** How long the end of a turn waits until it has been told to the Kernel. */
    maxNoteMs: 5_000,
    maxFiles: 20,
    modelTimeoutMs: 120_000,
    maxTextChars: 200_000,
    /** A tool that ran this long is given up. */
    toolMs: 120_000,
    /** How long a tool's result waits for what was told before it to arrive. */
    maxHearMs: 1_000,
  },
  channel: {
    maxMessageChars: 40_000,
    maxUndelivered: 2_000,
    /** Threads that are handed something at the same time. */
    maxHandOvers: 4,
    /** More inputs than this within that time are traffic. */
    busy: { most: 2, withinMs: 100 },
    /** Before each hand-over in traffic: acknowledgements go first, and turns are not begun faster than they can be run. */
    calm: { pauseMs: 15, maxLagMs: 25, maxHoldMs: 1_000 },
    /** After this, what was not handed over is tried again, also after a crash. */
    redeliverMs: 5_000,
    /** Ids are kept this long: Slack's last retry comes after minutes, an operator's redelivery within days. */
    rememberMs: 7 * 24 * 60 * 60 * 1000,
  },
  thread: {
    maxHistoryMessages: 200,
    maxHistoryChars: 60_000,
    maxProgressEvents: 200,
    maxProgressChars: 4_000,
    /** Events brought to the platform in one go. */
    maxBatch: 200,
    /** Messages taken into a turn while it runs; further ones become turns of their own. */
    maxSteers: 20,
    maxPresentAttempts: 8,
    /** How often in a row the platform may ask to wait, each time up to `maxPresentWaitMs`: an hour at the most. */
    maxRateWaits: 60,
    maxPresentWaitMs: 60_000,
    /** After this, what was not shown is tried again, also after a crash. */
    catchUpSeconds: 30,
    /** A thread in which nobody has written for this long is shown as closed. */
    closeAfterSeconds: 7 * 24 * 60 * 60,
    /** Pictures that the model keeps in sight, and the size of each. */
    maxSights: 5,
    maxSightBytes: 5 * 1024 * 1024,
  },
  home: {
    maxThreads: 20,
    maxApprovals: 20,
    maxSites: 20,
    maxFiles: 20,
  },
  installation: {
    /** A token with less left than this is renewed while it is still used. */
    renewEarlyMs: 2 * 60 * 60 * 1000,
    /** A token with less left than this is not given out any more. */
    marginMs: 60_000,
    /** After a failed renewal, this long before the next try while the old token still serves. */
    renewAgainMs: 60_000,
    /** A token is asked for again after this, so that a removal is noticed. */
    leaseMs: 5 * 60_000,
    /** Leases kept in one isolate. */
    maxLeases: 1_000,
    /** From the click on "install" to the way back. */
    ticketMs: 10 * 60_000,
    maxTickets: 10_000,
  },
  audit: {
    maxInputChars: 20_000,
  },
} as const;
