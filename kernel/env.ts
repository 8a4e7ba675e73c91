import type { Channel } from "./channel/index.ts";

/** The bindings of the Worker that the kernel uses; the variables of a platform or a model are read by their own schema. */
export interface KernelEnv {
  CHANNEL: DurableObjectNamespace<Channel>;
  THREAD: DurableObjectNamespace;
  KERNEL: DurableObjectNamespace;
  INSTALLATION: DurableObjectNamespace;
  /** Boxes of computers; absent where only the simulated shell is. */
  SANDBOX?: DurableObjectNamespace;
  FILES: R2Bucket;
  LOADER: WorkerLoader;
  /** Where this Worker is reached from outside, without a slash at the end. */
  PUBLIC_URL: string;
  /** "1" when it runs on a laptop: the trace page is served then. */
  LOCAL?: string;
  /** "off": the platform on the other side counts no rates, so nothing waits for a place in the row (benches). */
  PACE?: string;
  [variable: string]: unknown;
}
