import { RpcTarget } from "cloudflare:workers";
import { z } from "zod";
import { KernelError, outcome, type Outcome } from "../../../errors.ts";
import type { FileTree } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import { answerFilesCall, type FilesValue, parseFilesCall } from "../../isolate/files-call.ts";
import { Queue } from "../../isolate/queue.ts";

const Removal = z.tuple([
  z.string().max(limits.files.maxPathBytes * 2),
  z.strictObject({ basedOn: z.string().max(200) }),
]);
const others = new Set(["list", "read", "write"]);
const { maxCalls } = limits.computer.simulated;

/**
 * The person's files as a shell's isolate is handed them: its one stub, with one method. Whose files they are, from
 * which thread and in whose name it writes is in the FileTree behind it, which the isolate neither sees nor names.
 */
export class ShellFiles extends RpcTarget {
  readonly #files: FileTree;
  // Each may hold a whole file in memory.
  readonly #line = new Queue(4, maxCalls);
  #calls = 0;
  #over = false;

  constructor(files: FileTree) {
    super();
    this.#files = files;
  }

  /** From here on it reaches nothing. Not reachable from the isolate: it is no method. */
  static close(stub: ShellFiles): void {
    stub.#over = true;
  }

  async call(op: unknown, ...args: unknown[]): Promise<Outcome<FilesValue>> {
    return outcome(async () => {
      this.#calls += 1;
      if (this.#over) throw new KernelError("code.refused", "This command is over; its files are out of reach.");
      if (this.#calls > maxCalls)
        throw new KernelError(
          "limit.calls",
          `One command makes at most ${maxCalls} calls for files (limits.computer.simulated.maxCalls).`,
        );
      const work = this.#read(op, args);
      const release = await this.#line.enter();
      try {
        return await work();
      } finally {
        release();
      }
    });
  }

  #read(op: unknown, args: unknown[]): () => Promise<FilesValue> {
    if (op === "remove") {
      const removal = Removal.safeParse(args);
      if (!removal.success) throw new KernelError("input.invalid", "Wrong arguments. Use remove(path, {basedOn}).");
      return () => this.#files.remove(...removal.data);
    }
    if (typeof op !== "string" || !others.has(op))
      throw new KernelError("input.invalid", "There are list, read, write and remove.");
    const call = parseFilesCall(op, args);
    return () => answerFilesCall(this.#files, call);
  }
}
