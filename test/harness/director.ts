import type { Reply } from "../stand-ins/reply.ts";
import { list, text, type Recorded } from "../stand-ins/server.ts";

/** A step of a job: what the model says and calls, given the results of the calls before it. */
export type Step = Reply | ((asked: Recorded) => Reply | Promise<Reply>);

type Block = Record<string, unknown>;
const blocksOf = (content: unknown): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : list(content);

/** The word by which a job is known, also where it stands in JSON after an escaped line end: in what the person says and in the input of each call that is made for it. */
const jobWord = /job-[a-z0-9]+/g;
const lastJob = (value: unknown): string | null => JSON.stringify(value).match(jobWord)?.at(-1) ?? null;

interface Spoken {
  role: string;
  blocks: Block[];
}

const spokenIn = (body: unknown): Spoken[] =>
  list((body as Block)["messages"]).map((one) => ({ role: text(one["role"]), blocks: blocksOf(one["content"]) }));

/** Which job a block is about: of a result, the job of its call. */
function aboutIn(messages: Spoken[]): (block: Block) => string | null {
  const calls = messages.flatMap(({ blocks }) => blocks).filter((block) => block["type"] === "tool_use");
  const inputs = new Map(calls.map((block) => [block["id"], block["input"]]));
  return (block) => lastJob(block["type"] === "tool_result" ? inputs.get(block["tool_use_id"]) : block);
}

/** What a request to the model is about: the job that was spoken of last, and how many of its calls have results since. */
export function whereIn(body: unknown): { job: string; step: number } | null {
  const messages = spokenIn(body);
  const about = aboutIn(messages);
  const last = (messages.findLast(({ role }) => role === "user")?.blocks ?? []).map(about);
  const job = last.findLast((one) => one !== null) ?? null;
  if (job === null) return null;
  const all = messages.flatMap(({ role, blocks }) => (role === "user" ? blocks : []));
  const asked = all.findLastIndex((block) => block["type"] === "text" && about(block) === job);
  const done = all.slice(asked + 1).filter((block) => block["type"] === "tool_result" && about(block) === job);
  return { job, step: done.length };
}

/** The results of a job's calls that a request brings, as JSON. */
export function resultsIn(body: unknown, job: string): string {
  const messages = spokenIn(body);
  const about = aboutIn(messages);
  const blocks = messages.flatMap((one) => one.blocks);
  return JSON.stringify(blocks.filter((block) => block["type"] === "tool_result" && about(block) === job));
}

interface Reached {
  job: string;
  step: number;
  asked: Recorded;
}

/**
 * A model that does what it was told by job and not by the order of requests: people's turns take turns, a crash repeats a
 * request, and a job goes on where its results say that it is.
 */
export class Director {
  readonly #jobs = new Map<string, Step[]>();
  readonly reached: Reached[] = [];
  #waiting: (() => void)[] = [];

  /** The last step stays. */
  job(name: string, ...steps: [Step, ...Step[]]): void {
    this.#jobs.set(name, steps);
  }

  /** How often the model was asked for a step. */
  times(job: string, step: number): number {
    return this.reached.filter((one) => one.job === job && one.step === step).length;
  }

  /** The model has been asked for the step, so many times in all. */
  async waitFor(job: string, step: number, times = 1): Promise<void> {
    while (this.times(job, step) < times)
      await new Promise<void>((go) => {
        this.#waiting.push(go);
      });
  }

  readonly script = async (asked: Recorded): Promise<Reply> => {
    const where = whereIn(asked.body);
    if (where === null) return { text: "Nobody told me of a job." };
    this.reached.push({ ...where, asked });
    for (const go of this.#waiting.splice(0)) go();
    // An answer that a call is waiting for its person is no result of it.
    const last = asked.toolResults.at(-1)?.output ?? "";
    if (/"status":\s*"paused"/.test(last)) return { text: "I wait for you." };
    const steps = this.#jobs.get(where.job) ?? [];
    const step = steps[Math.min(where.step, steps.length - 1)];
    if (step === undefined) return { text: `Nobody told me what ${where.job} is.` };
    return typeof step === "function" ? step(asked) : step;
  };
}

/** A place where the model stops until it is let go. */
export class Gate {
  readonly #open = Promise.withResolvers<void>();
  open = (): void => this.#open.resolve();
  /** The step begins only then. */
  before =
    (step: Reply): Step =>
    async () => {
      await this.#open.promise;
      return step;
    };
}
