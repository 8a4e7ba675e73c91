import { KernelError, type Outcome, unwrap } from "../../errors.ts";
import type { UserId } from "../../ids.ts";
import type { BoxPort, ExecOrder } from "./box-port.ts";
import type { Box, BoxChange, ComputerKind } from "./types.ts";

export interface SdkBoxDeps {
  /** The box's object, anew for each call: a stub breaks when its object is restarted. */
  object: () => BoxPort;
  owner: UserId;
  kind: ComputerKind;
  /** Where in R2 a snapshot lies. */
  snapshotKey: (id: string) => string;
}

/** A box behind an object of `@cloudflare/sandbox`, as a Kernel has it. */
export function sdkBox({ object, owner, kind, snapshotKey }: SdkBoxDeps): Box {
  /** Errors cross as data; what rejects all the same is an object that was restarted in the middle of the call. */
  const ask = async <T>(call: (box: BoxPort) => Promise<Outcome<T>>): Promise<T> => {
    const answer = await call(object()).catch((thrown: unknown) => {
      throw new KernelError(
        "computer.interrupted",
        "The computer was restarted in the middle of this. It may have been done in part; look before you try again.",
        { cause: thrown },
      );
    });
    return unwrap(answer);
  };
  const end = (id: string) => void ask((box) => box.stop(owner, id)).catch(() => undefined);

  return {
    kind,
    async exec(request) {
      const { command, session, cwd, env, stdin, timeoutMs, signal } = request;
      signal.throwIfAborted();
      const order: ExecOrder = {
        id: crypto.randomUUID(),
        command,
        session,
        timeoutMs,
        ...(cwd === undefined ? {} : { cwd }),
        ...(env === undefined ? {} : { env }),
        ...(stdin === undefined ? {} : { stdin }),
      };
      const stop = () => end(order.id);
      signal.addEventListener("abort", stop, { once: true });
      request.onHold?.((held) => void ask((box) => box.hold(owner, order.id, held)).catch(() => undefined));
      try {
        return await ask((box) => box.exec(owner, order, (stream, text) => request.onOutput(stream, text)));
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    start: (request) => ask((box) => box.start(owner, request)),
    processes: () => ask((box) => box.processes(owner)),
    logs: (id) => ask((box) => box.logs(owner, id)),
    kill: async (id) => void (await ask((box) => box.kill(owner, id))),
    read: (path) => ask((box) => box.read(owner, path)),
    write: async (path, bytes) => void (await ask((box) => box.write(owner, path, bytes))),
    remove: async (path) => void (await ask((box) => box.remove(owner, path))),
    list: (folder) => ask((box) => box.list(owner, folder)),
    async watch(folder, onChange: (changes: BoxChange[]) => void, signal) {
      signal.throwIfAborted();
      const id = crypto.randomUUID();
      const ready = Promise.withResolvers<void>();
      const ended = ask((box) => box.watch(owner, { id, folder }, () => ready.resolve(), onChange));
      signal.addEventListener("abort", () => end(id), { once: true });
      // One that ends before it was ready never was.
      await Promise.race([ready.promise, ended]);
      return { ended: ended.then(() => undefined) };
    },
    listening: (port, timeoutMs) => ask((box) => box.listening(owner, port, timeoutMs)),
    async snapshot() {
      const id = crypto.randomUUID();
      return { id, ...(await ask((box) => box.snapshot(owner, snapshotKey(id)))) };
    },
    restore: async (id) => void (await ask((box) => box.restore(owner, snapshotKey(id)))),
    allow: async (hosts) => void (await ask((box) => box.allow(owner, hosts))),
    destroy: async () => void (await ask((box) => box.destroy(owner))),
  };
}
