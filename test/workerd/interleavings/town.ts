import { TurnId } from "../../../kernel/ids.ts";
import type { Json } from "../../../kernel/tools/types.ts";
import { kernelOf } from "../crash.ts";
import { bindings } from "../desk.ts";
import { person, Place } from "../turns.ts";

/** Who lives in one thread: up to three who ask and one who only talks. Each has a word that nobody else may read. */
export class Town {
  readonly place = new Place();
  readonly askers: readonly string[];
  readonly talker: string;

  constructor(name: string) {
    this.askers = ["ada", "bob", "cyd"].map((one) => `${one}-${name}`);
    this.talker = `dot-${name}`;
  }

  get people(): string[] {
    return [...this.askers, this.talker];
  }

  /** Files that all of them have under the same names, with their own words in them. */
  async open(): Promise<void> {
    for (const user of this.people) await write(user, "home/secret.md", wordOf(user));
    for (const user of this.askers)
      for (const n of [0, 1, 2]) await write(user, `sites/${slugOf(user, n)}/more.html`, wordOf(user));
  }
}

export const wordOf = (user: string): string => `word-of-${user}-only`;
/** A site for each card that a person has at a time. */
export const slugOf = (user: string, n: number): string => `pages-${user}-${n}`;

let calls = 0;
/** A tool of a person, straight in their Kernel: no turn is needed for what is only got ready or looked at. */
async function run(user: string, tool: string, input: Json): Promise<Json> {
  calls += 1;
  const call = { tool, input, call: `test-${calls}`, turn: TurnId.parse("test") };
  const rest = { pinned: null, answer: null, thread: "plain:T1:C0:1.1" as never, userName: user, eyes: false };
  const made = await kernelOf(person(user).id).runTool({ ...call, ...rest }, () => undefined);
  if (!made.ok) throw new Error(`${tool} of ${user}: ${JSON.stringify(made.error)}`);
  return made.value.output;
}

export const write = (user: string, path: string, content: string): Promise<Json> =>
  run(user, "write_file", { path, content });

/** What a person has in a folder, as JSON. */
export const listed = async (user: string, folder: string): Promise<string> =>
  JSON.stringify(await run(user, "list_files", { folder }));

/** How often a site was published. */
export async function versionOf(slug: string): Promise<number> {
  const found = await bindings.FILES.get(`published/${slug}.json`);
  return found === null ? 0 : (await found.json<{ version: number }>()).version;
}
