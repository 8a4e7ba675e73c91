import { newWebSocketRpcSession, type RpcStub } from "capnweb";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket as Socket } from "ws";
import { type Agent, startAgent } from "./agent.ts";
import type { Box } from "./box.ts";

/** One connection to a box, as the SDK makes it: capnweb over a WebSocket at `/rpc` of the control socket. */
export interface Connection extends Disposable {
  /** The SDK's parts by name. */
  box: RpcStub<Box>;
  /** As when the Worker is gone. */
  drop(): void;
}

export function connectTo(runFolder: string): Connection {
  const socket = new Socket(`ws+unix://${join(runFolder, "control.sock")}:/rpc`, { perMessageDeflate: false });
  socket.on("error", () => undefined);
  const box = newWebSocketRpcSession<Box>(socket as unknown as WebSocket);
  const drop = () => socket.terminate();
  return { box, drop, [Symbol.dispose]: drop };
}

export interface OpenBox extends AsyncDisposable {
  /** The temporary folder of it all. */
  root: string;
  run: string;
  workspace: string;
  agent: Agent;
  box: RpcStub<Box>;
}

/** The program of the box without a jail, in a temporary folder of its own; for tests. */
export async function openBox(): Promise<OpenBox> {
  const root = mkdtempSync(join(tmpdir(), "deckhand-box-"));
  const folders = { run: join(root, "run"), workspace: join(root, "workspace"), home: join(root, "home") };
  for (const folder of Object.values(folders)) mkdirSync(folder);
  const agent = await startAgent(
    { ...folders, egressPort: 0, state: join(root, "state") },
    { PATH: process.env["PATH"] },
  );
  const connection = connectTo(folders.run);
  return {
    root,
    run: folders.run,
    workspace: folders.workspace,
    agent,
    box: connection.box,
    async [Symbol.asyncDispose]() {
      connection.drop();
      await agent.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The events of a stream, as the SDK's `parseSSEStream` gives them. */
export async function* events<T = Record<string, unknown>>(stream: ReadableStream<Uint8Array>): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let buffer = "";
  for await (const chunk of stream) {
    buffer += decoder.decode(chunk, { stream: true });
    const frames = buffer.split("\n\n");
    buffer = frames.pop() ?? "";
    for (const frame of frames) if (frame.startsWith("data: ")) yield JSON.parse(frame.slice(6)) as T;
  }
}

/** All that comes, in order. */
export async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of from) found.push(one);
  return found;
}
