import { startAgent } from "./agent.ts";
import { parseOptions } from "./options.ts";

/**
 * The program inside a jail: it speaks what `@cloudflare/sandbox` speaks with its container, so that the SDK works on a
 * jail unchanged. Bundled to one file by `bundle.ts`; it brings nothing but Node's own modules, capnweb and ws.
 *
 * A line of JSON on stdout says that all sockets are open. Signals end it with all it started.
 */
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const complain = (error: unknown) =>
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);

// A box goes on when one connection of it breaks in an unforeseen way: others have work in it.
process.on("unhandledRejection", complain);
process.on("uncaughtException", complain);

try {
  const agent = await startAgent(parseOptions(process.argv.slice(2)), process.env);
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void agent.close().finally(() => process.exit(0)));
  say({ ready: true, egressPort: agent.egressPort });
} catch (thrown) {
  complain(thrown);
  process.exit(1);
}
