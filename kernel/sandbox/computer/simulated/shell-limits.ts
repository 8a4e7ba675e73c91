/** Words of just-bash when it ends a command at a bound of its own; it gives no codes. In order, the first that fits. */
const words: [RegExp, string][] = [
  [/ENOSPC|filesystem byte limit exceeded/, "disk"],
  [/output size (?:limit )?exceeded|output size limit/i, "output"],
  [/too many commands executed/, "commands"],
  [/recursion depth|call depth|nesting (?:depth|limit)|exec depth|maximum depth|call stack/i, "nesting"],
  [/(?:live byte|string length|size|string|element|array|width|precision)s? limit exceeded/i, "memory"],
  [/exceeded maximum iterations|iterations? (?:limit )?exceeded|too many iterations/i, "loops"],
  [/limit exceeded/i, "work"],
];

const named: Record<string, string> = {
  disk: "ended: its disk is full",
  output: "ended: it wrote more than one command may",
  commands: "ended: it ran more commands than one call may",
  nesting: "ended: it called itself too deeply",
  memory: "ended: out of memory",
  loops: "ended: a loop went on for too long",
  work: "ended: it did more than one call may",
};

/** The bound at which a command was ended, in words with its size; null when it came to its own end. */
export function limitOf(
  { exitCode, stderr }: { exitCode: number; stderr: string },
  caps: { diskBytes: number; outputBytes: number; maxCommands: number; maxCallDepth: number; liveBytes: number },
): string | null {
  const last = stderr.slice(-4000);
  const full = /ENOSPC/.test(last);
  if (exitCode !== 126 && !full) return null;
  const kind = words.find(([pattern]) => pattern.test(last))?.[1];
  if (kind === undefined) return null;
  const mb = (bytes: number) => `${bytes / (1024 * 1024)} MB`;
  const sizes: Record<string, string> = {
    disk: `${mb(caps.diskBytes)} outside of /r2`,
    output: mb(caps.outputBytes),
    commands: `${caps.maxCommands}`,
    nesting: `${caps.maxCallDepth} calls`,
    memory: mb(caps.liveBytes),
    loops: `${caps.maxCommands} turns`,
    work: "limits.computer.simulated",
  };
  return `${named[kind]} (${sizes[kind]})`;
}
