import { KernelError } from "../../kernel/errors.ts";
import type { UserId } from "../../kernel/ids.ts";
import type { Computers } from "../../kernel/sandbox/computer/types.ts";
import type { Isolates } from "../../kernel/sandbox/isolate/types.ts";
import { sites } from "../../kernel/sites/publish.ts";
import { toolByName } from "../../kernel/tools/index.ts";
import type { Json, ToolContext, ToolResult } from "../../kernel/tools/types.ts";
import { type Desked, atDesk, bindings, thread, turn } from "./desk.ts";

export const publicUrl = "https://deckhand.test";
/** None of these tools runs code. */
const noIsolates: Isolates = { run: () => Promise.reject(new KernelError("tool.failed", "no isolates here")) };
/** Nor is there a computer. */
const noComputers = new Proxy({} as Computers, {
  get(): never {
    throw new KernelError("tool.failed", "no computers here");
  },
});

export interface Bench {
  ctx: ToolContext;
  tree: Desked;
  /** Validates the input as the Kernel does, and runs. */
  run: (tool: string, input: unknown, pinned?: Json) => Promise<ToolResult & { output: Record<string, Json> }>;
  prepare: (tool: string, input: unknown) => Promise<{ title: string; body: string; pinned: Json; choices?: unknown }>;
  progress: string[];
}

/** Runs `work` with the tools of one person at hand, over real storage and R2. */
export function atBench<T>(
  user: UserId,
  work: (bench: Bench) => Promise<T>,
  options: { eyes?: boolean; answer?: string } = {},
): Promise<T> {
  return atDesk(user, (tree) => {
    const now = Date.now;
    const progress: string[] = [];
    const ctx: ToolContext = {
      user,
      userName: "Somebody",
      thread,
      turn,
      call: "call-1",
      files: tree,
      isolates: noIsolates,
      computers: noComputers,
      sites: sites({ bucket: bindings.FILES, files: tree, user, publicUrl, now }),
      model: { eyes: options.eyes ?? false },
      signal: new AbortController().signal,
      now,
      progress: (detail) => progress.push(detail),
      nested: async () => ({ ok: false, error: new KernelError("tool.failed", "no tools here").toShape() }),
      answer: options.answer ?? null,
    };
    const find = (name: string) => {
      const tool = toolByName(name);
      if (!tool) throw new Error(`no tool ${name}`);
      return tool;
    };
    return work({
      ctx,
      tree,
      progress,
      run: async (name, input, pinned = null) => {
        const tool = find(name);
        const result = await tool.run(tool.input.parse(input), ctx, pinned);
        return { ...result, output: result.output as Record<string, Json> };
      },
      prepare: async (name, input) => {
        const tool = find(name);
        if (!tool.prepare) throw new Error(`${name} asks nobody`);
        return tool.prepare(tool.input.parse(input), ctx);
      },
    });
  });
}
