import { limits } from "../../../limits.ts";

export interface Wanted {
  rel: string;
  sizeBytes: number;
  updatedAt: number;
}

const { maxEagerFiles, maxEagerBytes, maxFiles, maxBoxBytes } = limits.computer.sync;

/**
 * Which of the files that a box has not are given to it. What was written since the box was made, and what is asked for
 * by name, always is, as far as the box goes; of what was there before, the newest up to a fair amount.
 */
export function choose<Of extends Wanted>(
  wanted: readonly Of[],
  has: { files: number; bytes: number },
  asked: (one: Of) => boolean,
): { take: Of[]; leave: Of[] } {
  const take: Of[] = [];
  const leave: Of[] = [];
  let { files, bytes } = has;
  const first = (one: Of): number => (asked(one) ? 0 : 1);
  for (const one of wanted.toSorted((a, b) => first(a) - first(b) || b.updatedAt - a.updatedAt)) {
    const [mostFiles, mostBytes] = asked(one) ? [maxFiles, maxBoxBytes] : [maxEagerFiles, maxEagerBytes];
    if (files + 1 > mostFiles || bytes + one.sizeBytes > mostBytes) {
      leave.push(one);
      continue;
    }
    files += 1;
    bytes += one.sizeBytes;
    take.push(one);
  }
  return { take, leave };
}

const shown = 200;

/** What /r2/NOT-HERE.txt says. */
export function notHere(left: readonly Wanted[]): string {
  const lines = left
    .toSorted((a, b) => (a.rel < b.rel ? -1 : 1))
    .slice(0, shown)
    .map(({ rel, sizeBytes }) => `/r2/${rel}  ${sizeBytes} bytes`);
  const rest = left.length > shown ? [`and ${left.length - shown} more`] : [];
  return [
    `${left.length} of your files are not in this computer, because it is given the newest ${maxEagerFiles} files or`,
    `${maxEagerBytes / 1024 / 1024} MB. They are all there for read_file and exec_code; a command that names one by its`,
    "path below gets it too.",
    "",
    ...lines,
    ...rest,
    "",
  ].join("\n");
}
