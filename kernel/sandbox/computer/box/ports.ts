import { parseSSEStream } from "@cloudflare/sandbox";
import type { ComputerSandbox } from "./computer-sandbox.ts";

/** Whether something takes connections on a port of the box, waited for. */
export async function isListening(sandbox: ComputerSandbox, port: number, timeoutMs: number): Promise<boolean> {
  const stream = await sandbox.client.ports.watchPort({ port, mode: "tcp", interval: 200 });
  const late = AbortSignal.timeout(timeoutMs);
  try {
    for await (const event of parseSSEStream<{ type: string }>(stream, late)) {
      if (event.type === "ready") return true;
      if (event.type === "error") return false;
    }
    return false;
  } catch (thrown) {
    if (!late.aborted) throw thrown;
    return false;
  }
}
