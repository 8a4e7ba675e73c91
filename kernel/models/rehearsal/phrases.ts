import { computerPhrases } from "./phrases-computer.ts";
import type { Plan } from "./plan.ts";
import { fetchCode, primesCode, publishCode, runCode, wordsCode } from "./plans/code.ts";
import { readDocuments } from "./plans/documents.ts";
import {
  deleteFile,
  findFiles,
  globOf,
  listFiles,
  moveFile,
  pathIn,
  postFile,
  readFile,
  takeNote,
  writeFile,
} from "./plans/files.ts";
import { changeTitle, listSites, makeSite, publishSite } from "./plans/sites.ts";
import { askPerson, count, failure, longText, questionOf, table, tell } from "./plans/talk.ts";
import type { Transcript } from "./transcript.ts";

/** What a pattern caught, by name; what it did not catch is undefined. */
export type Caught = Readonly<Record<string, string | undefined>>;

export interface Phrase {
  name: string;
  /** What it does, for the table of phrases. */
  does: string;
  examples: [string, ...string[]];
  /** Any of these, tried in order on the request without its politeness. */
  patterns: RegExp[];
  /** Takes a request of any length; its patterns are linear. The others see a request's first characters only. */
  long?: true;
  plan(caught: Caught, transcript: Transcript): Plan;
}

const code = (text: string | undefined): string => (text ?? "").trim();
const whole = (text: string | undefined, least: number, most: number): number =>
  Math.min(most, Math.max(least, Number.parseInt((text ?? "").replaceAll(",", ""), 10) || least));

/** In the order they are tried: the first that fits answers. `help` is added by `decide.ts`, which knows them all. */
export const phrases: Phrase[] = [
  {
    name: "Run code",
    long: true,
    does: "runs your JavaScript in a fresh isolate (`exec_code`)",
    examples: ["run: return 6 * 7", "a fenced code block of JavaScript"],
    patterns: [
      /```(?:js|javascript|ts|typescript)?[^\S\n]*\n(?<code>[\s\S]+?)```/,
      /^(?:run|exec|execute|js|javascript)\s*:\s*`?(?<code>[\s\S]+?)`?$/i,
    ],
    plan: ({ code: program }) => runCode(code(program)),
  },
  ...computerPhrases,
  {
    name: "Write and publish in code",
    does: "one program writes a site with `TOOLS.write_file` and asks to publish it with `TOOLS.publish_site`, and waits for you",
    examples: ["in code, write and publish Night Market"],
    patterns: [
      /^(?:in|from|with|by)\s+code,?\s+(?:write|make|build)\s+and\s+publish\s+(?:(?:an?\s+|the\s+)?(?:small\s+)?(?:site|page)\s+)?(?:called\s+)?["“]?(?<name>[^"”]+?)["”]?[.?!]*$/i,
    ],
    plan: ({ name = "" }) => runCode(publishCode(name)),
  },
  {
    name: "Compute",
    does: "writes a small program and runs it; its lines appear in the task card",
    examples: [
      "compute the first 20 primes",
      "compute the first 500 primes and save them to home/primes.txt",
      "count the words in home/todo.md",
      "compute 2+2*3",
    ],
    patterns: [
      /\bfirst\s+(?<primes>[\d,]+)\s+primes?\b(?:.*?\b(?:to|in|into|as)\s+(?<save>\S+?)[.?!]*$)?/i,
      /^(?:count|how many)\s+(?:the\s+)?words\s+(?:are\s+)?(?:in|of)\s+(?<words>[^\s?!]+)/i,
      /^(?:compute|calculate|work out|what(?:'s| is))\s+(?<sum>[\d(][-+*/%().\d\s]*[\d)])\s*[=?.!]*$/i,
    ],
    plan: ({ primes, save, words, sum }) => {
      if (words) return runCode(wordsCode(pathIn(words)));
      if (primes) return runCode(primesCode(whole(primes, 1, 20_000), save ? pathIn(save) : undefined));
      return runCode(`return ${code(sum)};`);
    },
  },
  {
    name: "Loop forever",
    does: "runs `while (true) {}` to show the time limit",
    examples: ["loop forever"],
    patterns: [/^(?:loop forever|run forever|(?:an? )?(?:endless|infinite) loop)\b/i],
    plan: () => runCode("while (true) {}", "This should end at a limit in a few seconds."),
  },
  {
    name: "Fetch from code",
    does: "tries to reach the web from the isolate, which is refused",
    examples: ["fetch example.com from code"],
    patterns: [
      /^fetch\s+<?(?<url>(?:https?:\/\/)?[\w.-]+\.[a-z]{2,}[^\s>]*)>?(?:\s+from\s+(?:code|the isolate))?[.?!]*$/i,
    ],
    plan: ({ url = "" }) => runCode(fetchCode(/^https?:/i.test(url) ? url : `https://${url}`)),
  },
  {
    name: "Change a site's title",
    does: "reads the page, changes title and heading, asks to publish again",
    examples: ["change the title of the site bread-club to Bread & Butter Club"],
    patterns: [
      /^(?:change|set|update|make)\s+the\s+(?:title|heading|headline|name)\s+(?:of\s+(?:the\s+|my\s+)?(?:site|page)\s*(?<slug>[\w’' -]+?)\s+)?to\s+(?<title>.+?)[.?!]*$/i,
      /^(?:change|set|update)\s+the\s+(?:title|heading|headline|name)\s+of\s+(?<slug>[\w-]+)\s+to\s+(?<title>.+?)[.?!]*$/i,
      /^(?:rename|retitle)\s+the\s+site\s+(?<slug>[\w-]+)\s+to\s+(?<title>.+?)[.?!]*$/i,
    ],
    plan: ({ slug, title = "" }) => changeTitle(slug?.trim() || undefined, title),
  },
  {
    name: "Publish a site",
    does: "asks for approval and puts `sites/<slug>/` on the web (`publish_site`)",
    examples: ["publish the site bread-club"],
    patterns: [/^publish\s+(?:the\s+|my\s+)?(?:site|page)?\s*(?<slug>[^\s.?!].*?)?\s*(?:again)?[.?!]*$/i],
    plan: ({ slug }) => publishSite(slug?.trim() || undefined),
  },
  {
    name: "List sites",
    does: "names the sites in your files",
    examples: ["list my sites"],
    patterns: [/^(?:list|show|which|what)\b.*\bsites\b/i],
    plan: () => listSites(),
  },
  {
    name: "Make a site",
    does: "writes `index.html` and `style.css` under `sites/<slug>/` and asks to publish them",
    examples: ["make a small site called Bread Club about baking"],
    patterns: [
      /^(?:make|build|create|write|design|put up)\s+(?:me\s+|us\s+)?(?:an?|the|my|our|one)?\s*(?:[\w-]+,?\s+){0,4}?(?:site|website|web\s?page|home\s?page|landing page|page)\b(?<rest>[\s\S]*)$/i,
    ],
    plan: ({ rest = "" }) => makeSite(rest),
  },
  {
    name: "Which page mentions …",
    does: "reads the attached PDF (`process_attachment`) and answers with page numbers",
    examples: ["which page mentions insurance?"],
    patterns: [
      /\b(?:which|what)\s+pages?\b.*?\b(?:mentions?|mentioning|names?|talks?\s+about|says?|contains?|has|have|(?:is|are)\s+about|about)\s+(?:the\s+word\s+)?["“']?(?<term>[^"”]+?)["”']?[.?!]*$/i,
      /^what\s+does\s+(?:it|the\s+\w+)\s+say\s+about\s+["“']?(?<term>[^"”]+?)["”']?[.?!]*$/i,
      /\bwhere\s+does\s+(?:it|the\s+\w+)\s+(?:mention|say|talk\s+about)\s+["“']?(?<term>[^"”]+?)["”']?[.?!]*$/i,
    ],
    plan: ({ term = "" }, transcript) =>
      readDocuments(transcript.request, transcript, { kind: "mentions", term: term.trim() }),
  },
  {
    name: "Look at a photo",
    does: "tries, and says plainly that it has no eyes",
    examples: ["describe the photo"],
    patterns: [
      /^(?:describe|look at|what(?:'s| is) (?:in|on))\s+(?:the|this|my|that)\s+(?:photo|picture|image|scan|screenshot)/i,
      /^what (?:do|can) you see\b/i,
    ],
    plan: (_caught, transcript) => readDocuments(transcript.request, transcript, { kind: "look" }),
  },
  {
    name: "What does the PDF say",
    does: "reads the attached file (`process_attachment`) and quotes how its pages begin",
    examples: ["what does the PDF say?", "summarise the attachment"],
    patterns: [
      /^(?:summari[sz]e|sum up|describe|read|explain)\s+(?:the|this|my|that|these|it)\b.*\b(?:pdf|attachment|document|report|paper|file|files)\b(?!\s+\S*\/)/i,
      /^(?:summari[sz]e|sum up)\b/i,
      /^what(?:'s| is| does| do)\b.*\b(?:pdf|attachment|attached|document|report|paper|file)\b/i,
      /^(?:process|analy[sz]e)\s+(?:the|this|it)\b/i,
    ],
    plan: (_caught, transcript) => readDocuments(transcript.request, transcript, { kind: "summary" }),
  },
  {
    name: "Write a file",
    long: true,
    does: "writes text to a path of yours (`write_file`)",
    examples: ['write "buy flour" to home/todo.md', "note: buy flour"],
    patterns: [
      /^(?:write|save|put|note|store)\s+(?:an?\s+|the\s+)?(?:file|note|text)?\s*["“](?<text>[\s\S]+)["”]\s+(?:to|in|into|as|at)\s+(?:the\s+file\s+)?(?<path>\S+)$/i,
      /^(?:write|create|make|save)\s+(?:an?\s+|the\s+)?(?:file|note)\s+(?:called\s+|named\s+|at\s+|in\s+|to\s+)?(?<path>\S+?)\s*(?::|,?\s+(?:with(?:\s+the\s+text)?|saying|containing)\b:?)\s*(?<text>[\s\S]+)$/i,
      /^(?:(?:make\s+a\s+)?note|remember)(?:\s*:\s*|\s+that\s+)(?<note>[\s\S]+)$/i,
    ],
    plan: ({ path, text, note }) => (note ? takeNote(note) : writeFile((path ?? "").replace(/[.?!]$/, ""), text ?? "")),
  },
  {
    name: "Find files",
    does: "finds by name or by words inside (`find_files`)",
    examples: ["find files matching *.md", "find files containing flour"],
    patterns: [
      /^(?:find|search(?:\s+for)?)\s+(?:all\s+|my\s+)?files?\s+(?:matching|named|called|like)\s+(?<glob>\S+?)[.?!]*$/i,
      /^(?:find|search(?:\s+for)?)\s+(?:all\s+|my\s+)?files?\s+(?:containing|with(?:\s+the\s+(?:text|words?))?|that\s+(?:say|mention|contain)|mentioning|about)\s+["“]?(?<text>[^"”]+?)["”]?[.?!]*$/i,
    ],
    plan: ({ glob, text }) => findFiles(glob ? { glob: globOf(glob) } : { text: text ?? "" }),
  },
  {
    name: "List files",
    does: "lists a folder, or all of yours (`list_files`)",
    examples: ["list files", "list files in uploads"],
    patterns: [
      /^(?:list|show)\s+(?:me\s+)?(?:all\s+)?(?:my\s+|the\s+)?files(?:\s+(?:in|under|of)\s+(?:the\s+)?(?:folder\s+)?(?<folder>\S+?))?[.?!]*$/i,
      /^(?:which|what)\s+files\b(?:.*\b(?:in|under)\s+(?<folder>[\w./-]+?))?[.?!]*$/i,
      /^ls(?:\s+(?<folder>\S+))?$/i,
    ],
    plan: ({ folder }) => listFiles(folder),
  },
  {
    name: "Post a file",
    does: "puts a file of yours into the thread (`post_file`)",
    examples: ["post the file home/todo.md"],
    patterns: [
      /^(?:post|send|upload|share|give)\s+(?:me\s+|us\s+)?(?:the\s+)?(?:file\s+)?(?<path>[^\s]*[/.][^\s]*?)[.?!]*$/i,
    ],
    plan: ({ path = "" }) => postFile(path),
  },
  {
    name: "Move a file",
    does: "moves or renames (`move_file`)",
    examples: ["move home/todo.md to home/done.md"],
    patterns: [/^(?:move|rename)\s+(?:the\s+)?(?:file\s+)?(?<from>\S+)\s+to\s+(?<to>\S+?)[.?!]*$/i],
    plan: ({ from = "", to = "" }) => moveFile(from, to),
  },
  {
    name: "Delete a file",
    does: "asks for approval first (`delete_file`)",
    examples: ["delete home/done.md"],
    patterns: [/^(?:delete|remove|rm)\s+(?:the\s+)?(?:file\s+)?(?<path>\S+?)[?!]*$/i],
    plan: ({ path = "" }) => deleteFile(path),
  },
  {
    name: "Read a file",
    does: "shows what it says (`read_file`)",
    examples: ["read home/todo.md"],
    patterns: [
      /^(?:read|show|open|cat|print)\s+(?:me\s+)?(?:the\s+)?(?:file\s+)?(?<path>[`"“]?[^\s`"”]*[./\\][^\s`"”]*?[`"”]?)[?!]*$/i,
    ],
    plan: ({ path = "" }) => readFile(path),
  },
  {
    name: "Ask me",
    does: "puts a question with buttons (`ask_person`) and uses the answer",
    examples: ["ask me which colour", "ask me which crust: thin, thick or none"],
    patterns: [/^ask\s+(?:me|us)\s*(?:a\s+question|something)?\s*(?:about\s+)?(?<question>[\s\S]*)$/i],
    plan: ({ question = "" }) => {
      const made = questionOf(question);
      return askPerson(made.question, made.choices);
    },
  },
  {
    name: "Count slowly",
    does: "a slow answer, to try Stop or to pull the plug",
    examples: ["count slowly to 30"],
    patterns: [/^count\b.*?\b(?:to|until)\s+(?<to>\d+)/i],
    plan: ({ to }) => tell(count(whole(to, 1, 500))),
  },
  {
    name: "Long answer",
    does: "streams that many words",
    examples: ["write 800 words"],
    patterns: [/^(?:write|stream|say)\s+(?:me\s+)?(?<words>[\d,]+)\s+words\b/i],
    plan: ({ words }) => tell(longText(whole(words, 1, 20_000))),
  },
  {
    name: "Show a table",
    does: "answers with a Markdown table",
    examples: ["show a table"],
    patterns: [/^(?:show|make|draw|give)\s+(?:me\s+)?(?:us\s+)?an?\s+(?:\w+\s+)?table\b/i],
    plan: () => tell(table),
  },
  {
    name: "Fail",
    does: "the model itself fails; also `fail rate limit`, `fail key`, `fail timeout`, `fail too long`, `fail midway`",
    examples: ["fail", "fail midway"],
    patterns: [/^fail\b(?<how>[\w\s-]*)[.?!]*$/i],
    plan: ({ how = "" }) => tell(failure(how)),
  },
  {
    name: "Echo",
    long: true,
    does: "says your words again",
    examples: ["echo hello"],
    patterns: [/^(?:echo|say|repeat)\s*:?\s+(?<text>[\s\S]+)$/i],
    plan: ({ text = "" }) => tell(text),
  },
];

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The table of phrases, for the README and for the answer to `help`. */
export function phrasesTable(): string {
  const rows = phrases.map(
    ({ name, does, examples }) =>
      `| ${cell(name)} | ${examples.map((one) => cell(one)).join("<br>")} | ${cell(does)} |`,
  );
  return ["| Phrase | Say for example | What happens |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The same as a list, which reads well in chat. */
export function phrasesList(): string {
  return phrases.map(({ name, does, examples }) => `- **${name}**: “${examples[0]}” – ${does}`).join("\n");
}
