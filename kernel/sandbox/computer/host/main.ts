import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { bundleAgent } from "../agent/bundle.ts";
import { startHost, type Host } from "./host.ts";

/*
 * The host of jails as a process of its own: a box that keeps it busy keeps nothing else busy. Its orders come as one
 * line of JSON on stdin, so that no process list shows the token; when stdin ends, so does it, with all its boxes. It
 * answers with one line: `{"url": …}` or `{"error": …}`.
 */
const Orders = z.strictObject({
  folder: z.string().startsWith("/"),
  token: z.string().min(32),
  port: z.number().int().min(0).max(65_535),
  disableUserns: z.boolean(),
  /** Built when absent. */
  agent: z.string().startsWith("/").nullable(),
});

// Boxes see files as elsewhere, whatever this process was started with; their folder is closed to others.
process.umask(0o022);

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const lines = createInterface({ input: process.stdin });
let host: Host | null = null;
let ending = false;

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await host?.close().catch(() => undefined);
  process.exit(0);
}

async function start(line: string): Promise<void> {
  try {
    const orders = Orders.parse(JSON.parse(line));
    const agent = orders.agent ?? join(orders.folder, "agent.mjs");
    if (orders.agent === null) await bundleAgent(agent);
    host = await startHost({ ...orders, agent });
    say({ url: host.url, holds: host.holds });
  } catch (thrown) {
    say({ error: thrown instanceof Error ? thrown.message : String(thrown) });
    process.exit(1);
  }
}

lines.once("line", (line) => void start(line));
lines.once("close", () => void end());
process.on("SIGTERM", () => void end());
// Ctrl-C goes to the whole group of processes; the end comes in order, by stdin.
process.on("SIGINT", () => undefined);
// Whatever one connection does, other boxes go on.
process.on("uncaughtException", (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
process.on("unhandledRejection", (reason) => process.stderr.write(`${String(reason)}\n`));
