import { phrases } from "../../kernel/models/rehearsal/phrases.ts";
import type { Reply } from "../stand-ins/reply.ts";
import type { Step } from "../harness/director.ts";
import { call } from "../harness/scripted.ts";
import type { Dice } from "./dice.ts";

/** People of the workspace that take part; each has a secret that no other's program may read. */
export const people = ["U0ADA", "U0GRACE", "U0LINUS"] as const;
export type Person = (typeof people)[number];
export const secretPath = (who: Person): string => `home/secret-of-${who.toLowerCase()}.txt`;
export const secretOf = (who: Person): string => `canary-${who.toLowerCase()}`;

export const kinds = {
  say: 4,
  write: 2,
  look: 2,
  delete: 3,
  publish: 3,
  question: 1,
  nested: 2,
  upload: 1,
} as const;
/** What only the rehearsal understands: one of its phrases, words that it says again, a slow answer. */
export const phraseKinds = { phrase: 6, echo: 3, count: 1 } as const;
export type Kind = keyof typeof kinds | keyof typeof phraseKinds;

/** What one person asks for in one message, and what must have come of it once all is quiet. */
export interface Job {
  /** The word by which it is known in what is said, called and written. */
  word: string;
  kind: Kind;
  who: Person;
  /** Words of its last answer that nobody else says, in their order. */
  unique: string[];
  /** Nobody but its author may have it ended before it is over. */
  closing: string;
}

export function makeJob(dice: Dice, number: number, who: Person, kind: Kind): Job {
  const word = `job${number}z`;
  const unique = Array.from({ length: dice.whole(3, 60) }, (_, index) => `k${number}w${index + 1}e`);
  return { word, kind, who, unique, closing: `${word} is done` };
}

/** Its message. What the rehearsal is asked for in its own words has no word of ours in it. */
export function messageOf(dice: Dice, job: Job): string {
  switch (job.kind) {
    case "phrase":
      return dice.pick(dice.pick(phrases).examples);
    case "count":
      return `count slowly to ${dice.whole(5, 40)}`;
    case "echo":
      return `echo ${job.word} ${job.unique.join(" ")} ${job.closing}`;
    default:
      return `${job.word} ${job.kind}`;
  }
}

const site = (word: string) => ({ path: `sites/${word}/index.html`, content: `<h1>${word}</h1>` });
const own = (word: string): string => `home/${word}.txt`;

/** A program that tells which secrets it can read: it has the files of the one for whom it runs. */
const look = (word: string): Reply =>
  call("exec_code", {
    code: `// ${word}
const seen = [];
for (const path of ${JSON.stringify(people.map(secretPath))}) seen.push(await FILES.readText(path).catch((error) => error.code));
return seen.join(" ");`,
  });

const nested = (word: string): Reply =>
  call("exec_code", {
    code: `// ${word}
await TOOLS.write_file(${JSON.stringify(site(word))});
return (await TOOLS.publish_site({ slug: "${word}" })).version;`,
  });

function calls({ kind, word }: Job): Reply[] {
  switch (kind) {
    case "say":
    case "phrase":
    case "echo":
    case "count":
      return [];
    case "write":
      return [call("write_file", { path: own(word), content: word })];
    case "look":
      return [look(word)];
    case "delete":
      return [
        call("write_file", { path: own(word), content: word }),
        call("delete_file", { path: own(word) }),
        look(word),
      ];
    case "publish":
      return [call("write_file", site(word)), call("publish_site", { slug: word }), look(word)];
    case "question":
      return [call("ask_person", { question: `${word}: which?`, choices: ["one", "two"] })];
    case "nested":
      return [nested(word)];
    case "upload":
      return [call("find_files", { text: word })];
  }
}

/** What the model does for a job: now and then a sentence before a call, and at the end its words one after the other. */
export function stepsOf(dice: Dice, job: Job): [Step, ...Step[]] {
  const last: Reply = { text: `${job.unique.join(" ")} ${job.closing}`, pieceMs: dice.whole(5, 40) };
  const before = calls(job).map((reply, index): Reply =>
    dice.chance(0.4) ? { text: `${job.word} goes on, part ${index}.`, pieceMs: dice.whole(5, 30), ...reply } : reply,
  );
  const [first, ...rest] = [...before, last];
  return [first ?? last, ...rest];
}
