import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

/** What a bench ran on, so that its numbers can be compared with others. */
export interface Hardware {
  cpu: string;
  /** Cores this process may use. */
  cores: number;
  memoryGb: number;
  platform: string;
  node: string;
  /** One-minute load when the bench began: well above zero means that something else was running. */
  load: number;
}

export function hardware(): Hardware {
  return {
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round((totalmem() / 1024 ** 3) * 10) / 10,
    platform: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
