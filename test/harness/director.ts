import type { Reply } from "../stand-ins/reply.ts";
import { list, text, type Recorded } from "../stand-ins/server.ts";

/** A step of a job: what the model says and calls, given the results of the calls before it. */
export type Step = Reply | ((asked: Recorded) => Reply | Promise<Reply>);

type Block = Record<string, unknown>;
const blocksOf = (content: unknown): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : list(content);

/** The word by which a job is known, also where it stands in JSON after an escaped line end: in what the person says and in the input of each call that is made for it. */
const jobWord = /job\d+[a-z]/g;
const jobsIn = (value: unknown): string[] => JSON.stringify(value).match(jobWord) ?? [];

interface Spoken {
  role: string;
  blocks: Block[];
}

const spokenIn = (body: unknown): Spoken[] =>
  list((body as Block)["messages"]).map((one) => ({ role: text(one["role"]), blocks: blocksOf(one["content"]) }));

/** Which job a block is about: the last one that is named; of a result, the first one that its call names. */
function aboutIn(messages: Spoken[]): (block: Block) => string | null {
  const calls = messages.flatMap(({ blocks }) => blocks).filter((block) => block["type"] === "tool_use");
  const inputs = new Map(calls.map((block) => [block["id"], block["input"]]));
  return (block) =>
    (block["type"] === "tool_result" ? jobsIn(inputs.get(block["tool_use_id"]) ?? "")[0] : jobsIn(block).at(-1)) ??
    null;
}

const paused = (block: Block | undefined): boolean =>
  /"status":\s*"paused"/.test(JSON.stringify(block?.["content"] ?? "").replaceAll('\\"', '"'));

/** What a person says; a decision that is told goes on with what was asked before. */
const isRequest = (block: Block): boolean => block["type"] === "text" && !text(block["text"]).startsWith("[Deckhand]");

export interface Where {
  job: string;
  /** How many of its calls have results since it was asked for. */
  step: number;
}

/** Where every job that a request speaks of stands, but for those whose last call waits for its person; oldest first. */
export function standing(body: unknown): Where[] {
  const messages = spokenIn(body);
  const about = aboutIn(messages);
  const all = messages.flatMap(({ role, blocks }) => (role === "user" ? blocks : []));
  const jobs = all.map(about).filter((job) => job !== null);
  return [...new Set(jobs.toReversed())].toReversed().flatMap((job) => {
    const own = all.slice(all.findLastIndex((block) => isRequest(block) && about(block) === job) + 1);
    const done = own.filter((block) => block["type"] === "tool_result" && about(block) === job);
    // A call that waited has its result a second time, when its person has decided.
    return paused(done.at(-1)) ? [] : [{ job, step: done.filter((block) => !paused(block)).length }];
  });
}

/** The job that is spoken of last in what came last; null where that speaks of none. */
export function lastIn(body: unknown): string | null {
  const messages = spokenIn(body);
  const last = messages.findLast(({ role }) => role === "user")?.blocks ?? [];
  return last.map(aboutIn(messages)).findLast((one) => one !== null) ?? null;
}

/** The results of a job's calls that a request brings, as JSON. */
export function resultsIn(body: unknown, job: string): string {
  const messages = spokenIn(body);
  const about = aboutIn(messages);
  const blocks = messages.flatMap((one) => one.blocks);
  return JSON.stringify(blocks.filter((block) => block["type"] === "tool_result" && about(block) === job));
}

interface Reached extends Where {
  asked: Recorded;
}

/**
 * A model that does what it was told by job and not by the order of requests: people's turns take turns, a crash repeats a
 * request, and a job goes on where its results say that it is.
 */
export class Director {
  readonly #jobs = new Map<string, Step[]>();
  readonly reached: Reached[] = [];
  /** The step that each job was asked for last. */
  readonly #answered = new Map<string, number>();
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

  /** What a request is about: the job that came last; where that says nothing, the last one that has come further since. */
  #where(body: unknown): Where | "paused" | null {
    const all = standing(body);
    const last = lastIn(body);
    if (last !== null) return all.find(({ job }) => job === last) ?? "paused";
    return all.findLast(({ job, step }) => step > (this.#answered.get(job) ?? -1)) ?? null;
  }

  readonly script = async (asked: Recorded): Promise<Reply> => {
    const where = this.#where(asked.body);
    if (where === "paused") return { text: "I wait for you." };
    if (where === null) return { text: "Nobody told me of a job." };
    this.#answered.set(where.job, where.step);
    this.reached.push({ ...where, asked });
    for (const go of this.#waiting.splice(0)) go();
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
