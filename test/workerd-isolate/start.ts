import { join } from "node:path";
import { v8Flags } from "../../bots/local/v8-flags.ts";
import type { IsolateResult } from "../../kernel/sandbox/isolate/types.ts";
import type { RunCommand } from "./worker.ts";

export interface Seen {
  result: IsolateResult;
  /** Everything in its order: `log:…` lines, `queued:n`, and `result`. */
  order: string[];
  ms: number;
}

interface State {
  inFlight: number;
  queued: number;
  /** Calls of stubs whose run was over. */
  late: number;
}

/** A real workerd with the suite's Worker on a free port. */
export async function startSuite(build: { minify: boolean } = { minify: false }) {
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CI"] = "1";
  process.env["MINIFLARE_WORKERD_V8_FLAGS"] = v8Flags;
  const { unstable_startWorker } = await import("wrangler");
  const worker = await unstable_startWorker({
    build,
    config: join(import.meta.dirname, "wrangler.jsonc"),
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      persist: false,
      inspector: false,
      watch: false,
      logLevel: (process.env["SUITE_LOG"] ?? "error") as "error",
    },
  });
  const origin = (await worker.url).origin;
  const post = (path: string, command: RunCommand & { rounds?: number }, onLine?: (line: string) => void) =>
    read(`${origin}${path}?user=${encodeURIComponent(command.user)}`, command, onLine);

  async function read(url: string, body: unknown, onLine: (line: string) => void = () => undefined): Promise<string> {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
    let all = "";
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      all += chunk;
      rest += chunk;
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    }
    return all;
  }

  return {
    origin,
    stop: () => worker.dispose(),
    async run(command: RunCommand): Promise<Seen> {
      const order: string[] = [];
      let result: IsolateResult | undefined;
      const started = performance.now();
      await post("/run", command, (line) => {
        const event = JSON.parse(line) as { log?: string[]; queued?: number; result?: IsolateResult };
        if (event.log) order.push(...event.log.map((text) => `log:${text}`));
        if (event.queued) order.push(`queued:${event.queued}`);
        if (event.result) order.push("result");
        result = event.result ?? result;
      });
      if (!result) throw new Error("the run gave no result");
      return { result, order, ms: performance.now() - started };
    },
    hostile: async (command: RunCommand) => JSON.parse(await post("/hostile", command)) as unknown,
    bench: async (command: RunCommand & { rounds: number }) => JSON.parse(await post("/bench", command)) as number[],
    state: async (user: string) =>
      JSON.parse(await (await fetch(`${origin}/state?user=${encodeURIComponent(user)}`)).text()) as State,
  };
}
export type Suite = Awaited<ReturnType<typeof startSuite>>;
