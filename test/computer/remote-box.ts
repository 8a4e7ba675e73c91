import { KernelError, type Outcome, unwrap } from "../../kernel/errors.ts";
import type { FileTree } from "../../kernel/files/types.ts";
import type { Box, BoxChange, ComputerKind } from "../../kernel/sandbox/computer/types.ts";
import { decoded, encoded } from "./wire.ts";
import type { BoxCall } from "./worker.ts";

interface Line {
  output?: ["stdout" | "stderr", string];
  changes?: BoxChange[];
  watching?: boolean;
  end?: Outcome<unknown>;
}

/** Where a box of the suite's Worker is: read anew for every call, because a restart may move it. */
export interface Where {
  origin: string;
  kind: ComputerKind;
}

async function call(
  origin: string,
  user: string,
  order: BoxCall,
  onLine: (line: Line) => void,
  signal?: AbortSignal,
): Promise<unknown> {
  const at = (path: string) => `${origin}${path}?user=${encodeURIComponent(user)}`;
  const stop = () => void fetch(at("/stop"), { method: "POST", body: order.id }).catch(() => undefined);
  const response = await fetch(at("/box"), { method: "POST", body: encoded(order) });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  let rest = "";
  let end: Outcome<unknown> | undefined;
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      const line = decoded(text) as Line;
      onLine(line);
      end = line.end ?? end;
    }
  }
  signal?.removeEventListener("abort", stop);
  if (!end) throw new Error("the Worker went away before the end of the call");
  return unwrap(end);
}

/** A box in the suite's Worker, as the contract sees it. */
export function remoteBox(where: () => Where, user: string, name: string): Box {
  const ask = (
    method: keyof Box,
    args: unknown[],
    onLine: (line: Line) => void = () => undefined,
    signal?: AbortSignal,
  ) => call(where().origin, user, { name, method, args, id: crypto.randomUUID() }, onLine, signal);
  const plain =
    (method: keyof Box) =>
    (...args: unknown[]) =>
      ask(method, args);
  const methods = Object.fromEntries(
    (
      [
        "start",
        "processes",
        "logs",
        "kill",
        "read",
        "write",
        "remove",
        "list",
        "listening",
        "snapshot",
        "restore",
        "allow",
        "destroy",
      ] as const
    ).map((method) => [method, plain(method)]),
  ) as unknown as Omit<Box, "kind" | "exec" | "watch">;
  return {
    ...methods,
    get kind() {
      return where().kind;
    },
    async exec(request) {
      const { command, session, timeoutMs, cwd, env, stdin, signal } = request;
      const order = { command, session, timeoutMs, cwd, env, stdin };
      const onLine = ({ output }: Line) => output && request.onOutput(...output);
      return (await ask("exec", [order], onLine, signal)) as Awaited<ReturnType<Box["exec"]>>;
    },
    async watch(folder, onChange, signal) {
      const { promise: watching, resolve, reject } = Promise.withResolvers<void>();
      const onLine = (line: Line) => {
        if (line.watching) resolve();
        if (line.changes) onChange(line.changes);
      };
      const ended = ask("watch", [folder], onLine, signal).then(() => resolve());
      ended.catch(reject);
      await watching;
      return { ended };
    },
  };
}

/** The person's files, as their tools see them. */
export function remoteFiles(
  where: () => Where,
  user: string,
): Pick<FileTree, "read" | "stat" | "write" | "list" | "remove"> & {
  versions(path: string): Promise<{ n: number; author: string }[]>;
} {
  return new Proxy({} as ReturnType<typeof remoteFiles>, {
    get:
      (_, method: string) =>
      async (...args: unknown[]) => {
        const order = { name: "main", method, args, id: "" };
        const url = `${where().origin}/files?user=${encodeURIComponent(user)}`;
        const response = await fetch(url, { method: "POST", body: encoded(order) });
        if (!response.ok) throw new KernelError("internal", await response.text());
        return unwrap(decoded(await response.text()) as Outcome<unknown>);
      },
  });
}
