import { KernelError } from "../../../errors.ts";
import type { FileTree } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import { endingOfRuntime } from "../../isolate/ending.ts";
import type { BoxName } from "../types.ts";
import type { ShellOrder } from "./order.ts";
import { ShellAnswer } from "./reply.ts";
import { ShellFiles } from "./shell-files.ts";
import { dispose, type Shells } from "./shells.ts";

/** After its time the shell has this long to stop by itself and to save. */
const stopMs = 5_000;

export type Ran =
  | Extract<ShellAnswer, { end: "done" }>
  | { end: "broken"; how: "cpu" | "wall" | "memory" | "lost" }
  | { end: "stopped" };

/** Runs one order in the box's isolate. Whatever happens in there comes back as an end. */
export async function runOrder(
  shells: Shells,
  name: BoxName,
  files: FileTree,
  order: ShellOrder,
  signal: AbortSignal,
): Promise<Ran> {
  const guest = await shells.guest(name);
  const stub = new ShellFiles(files);
  const { promise: ended, resolve: end } = Promise.withResolvers<Ran>();
  const { promise: stopping, resolve: stop } = Promise.withResolvers<void>();
  let timer = setTimeout(() => end({ end: "broken", how: "wall" }), order.timeoutMs + stopMs);
  const abort = () => {
    stop();
    clearTimeout(timer);
    timer = setTimeout(() => end({ end: "stopped" }), stopMs);
  };
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const reply = guest.run(order, stub, () => stopping);
  reply.then(
    (answer) => end(endOf(answer)),
    (thrown: unknown) => end(endOfRuntime(thrown)),
  );
  try {
    const ran = await ended;
    if (ran.end !== "done") shells.drop(name);
    return signal.aborted && ran.end !== "done" ? { end: "stopped" } : ran;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    stop();
    ShellFiles.close(stub);
    dispose(reply);
  }
}

function endOf(answer: unknown): Ran {
  const parsed = ShellAnswer.safeParse(answer);
  if (!parsed.success) return { end: "broken", how: "lost" };
  const reply = parsed.data;
  switch (reply.end) {
    case "done":
      return reply;
    case "limit":
      return { end: "broken", how: reply.limit };
    default:
      return { end: "broken", how: /RangeError|allocation|memory/i.test(reply.message) ? "memory" : "lost" };
  }
}

function endOfRuntime(thrown: unknown): Ran {
  const ending = endingOfRuntime(thrown);
  if (ending.end !== "limit") return { end: "broken", how: "lost" };
  return { end: "broken", how: ending.limit === "hung" ? "wall" : ending.limit };
}

export function checkOrder(command: string, stdin: string): void {
  const { maxCommandChars, maxStdinChars } = limits.computer;
  if (command.length > maxCommandChars)
    throw new KernelError(
      "input.invalid",
      `The command has ${command.length} characters; at most ${maxCommandChars} are taken (limits.computer.maxCommandChars). Write a file and run that.`,
    );
  if (stdin.length > maxStdinChars)
    throw new KernelError(
      "input.invalid",
      `The input has ${stdin.length} characters; at most ${maxStdinChars} are taken (limits.computer.maxStdinChars).`,
    );
}
