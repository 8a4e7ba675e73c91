import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Linux' O_PATH, which Node does not name: a handle on the thing itself, without opening it. */
const O_PATH = 0o10000000;

export class NotListening extends Error {}

/**
 * Connects to a socket that a box made in its folder. The box may put anything there under that name, a link to a socket
 * of the host first of all: so the thing is held first, seen to be a socket, and then that very thing is connected to.
 * @throws NotListening
 */
export async function connectInside(run: string, name: string): Promise<Socket> {
  const held = await open(join(run, name), O_PATH | constants.O_NOFOLLOW).catch(() => null);
  if (held === null) throw new NotListening(`nothing listens at ${name}`);
  try {
    if (!(await held.stat()).isSocket()) throw new NotListening(`${name} is no socket`);
    return await new Promise<Socket>((done, fail) => {
      const socket = connect(`/proc/self/fd/${held.fd}`);
      socket.once("connect", () => {
        socket.removeAllListeners("error");
        done(socket);
      });
      socket.once("error", () => fail(new NotListening(`nothing listens at ${name}`)));
    });
  } finally {
    await held.close();
  }
}

const pauseMs = 4;
const answerMs = 10_000;
const maxAnswer = 64;

/** Connects as soon as the socket is there. @throws NotListening when the signal ends the wait */
export async function connectWhenReady(run: string, name: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    try {
      return await connectInside(run, name);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A connection to a port of 127.0.0.1 in the box, through the bridge of the program inside. @throws NotListening */
export async function connectPort(run: string, port: number): Promise<Socket> {
  const socket = await connectInside(run, "ports.sock");
  socket.write(`${port}\n`);
  const refuse = () => new NotListening(`nothing listens on port ${port} of the computer`);
  return new Promise((done, fail) => {
    let read = Buffer.alloc(0);
    const settle = (error: Error | null) => {
      clearTimeout(late);
      socket.off("data", onData).off("close", onEnd).off("error", onEnd);
      if (error === null) return done(socket);
      socket.on("error", () => undefined).destroy();
      fail(error);
    };
    const onEnd = () => settle(refuse());
    const onData = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf(10);
      if (end < 0 && read.length <= maxAnswer) return;
      if (end !== 2 || read.toString("latin1", 0, 2) !== "ok") return settle(refuse());
      socket.pause();
      // What came behind the answer is the server's already.
      if (read.length > end + 1) socket.unshift(read.subarray(end + 1));
      settle(null);
    };
    const late = setTimeout(onEnd, answerMs);
    socket.on("data", onData).once("close", onEnd).once("error", onEnd);
  });
}
