import { type Call, type Plan, type Say, replay } from "./plan.ts";
import { type Caught, type Phrase, phrases, phrasesList } from "./phrases.ts";
import { readDocuments } from "./plans/documents.ts";
import { tell } from "./plans/talk.ts";
import type { Transcript } from "./transcript.ts";

/** What the rehearsal does next: say something, then make calls or end. Pure. */
export interface Decision extends Say {
  calls: Call[];
}

const isRehearsal =
  "I am Deckhand’s rehearsal model: no language model is set up, so I only match phrases and drive the real tools with them. Set `ANTHROPIC_API_KEY` (or `MODEL`) in `.env` for a model that thinks.";

const examples = (): string =>
  phrases
    .filter(({ examples }) => !examples[0].includes("\n"))
    .map(({ examples }) => `“${examples[0]}”`)
    .join(" · ");

/** Said before the first answer of a thread. */
export const preface = (): string => `_${isRehearsal}_\n\n_I understand_: ${examples()} · “help”`;

/** How much of a request most patterns see: some of them take the square of the length. */
const matched = 1000;

/** A request without the mention, the greeting and the politeness around it. */
export function plainly(request: string): string {
  let words = request.trim();
  for (let rounds = 0; rounds < 6; rounds++) {
    const shorter = words
      .replace(/^(?:<@[^>]+>|@[\w-]+)[\s,:]*/, "")
      .replace(/^(?:hey|hi|hello|ok|okay|now|and|then|so|please|deckhand)\b[\s,:!]+(?=\S)/i, "")
      .replace(/^(?:can|could|would|will)\s+you\s+(?:please\s+)?(?=\S)/i, "")
      .replace(/^(?:i(?:'d| would)\s+like\s+you\s+to|i\s+want\s+you\s+to|let'?s)\s+/i, "")
      .trimStart();
    if (shorter === words) break;
    words = shorter;
  }
  return words.length > matched ? words : words.replace(/[\s,]+(?:please|thanks|thank you)[.!]*$/i, "");
}

const asksHelp = /^(?:help|\?|hello|hi|hey|what (?:can|do) you (?:do|understand)|who are you|what are you)\b.*$|^\?$/i;

export function findPhrase(request: string): { phrase: Phrase; caught: Caught } | null {
  const words = plainly(request);
  const head = words.slice(0, matched).replace(/[^\S\n]+/g, " ");
  for (const phrase of phrases)
    for (const pattern of phrase.patterns) {
      const found = pattern.exec(phrase.long ? words : head);
      if (found) return { phrase, caught: found.groups ?? {} };
    }
  return null;
}

function planFor(transcript: Transcript): { plan: Plan; opens: string } {
  const found = findPhrase(transcript.request);
  const opens = transcript.first ? `${preface()}\n\n---\n\n` : "";
  if (found) return { plan: found.phrase.plan(found.caught, transcript), opens };
  if (asksHelp.test(plainly(transcript.request)))
    return {
      plan: tell(`${isRehearsal}\n\nI understand these phrases, and looser wordings of them:\n\n${phrasesList()}`),
      opens: "",
    };
  // A file that comes with words I do not know is still worth reading.
  if (transcript.fresh) return { plan: readDocuments(transcript.request, transcript, { kind: "summary" }), opens };
  return {
    plan: tell(
      transcript.first
        ? "None of these fits what you wrote. Say “help” for what each of them does."
        : `As a rehearsal model I did not understand that. I understand: ${examples()} · “help”`,
    ),
    opens,
  };
}

/** Decides from the transcript and the names of the tools that are offered. The same input gives the same decision. */
export function decide(transcript: Transcript, offered: ReadonlySet<string>): Decision {
  const { plan, opens } = planFor(transcript);
  const next = replay(plan, transcript, offered);
  const opening = transcript.steps.length === 0 ? opens : "";
  const said = next.kind === "calls" ? { text: next.say, calls: next.calls } : { ...next.say, calls: [] };
  return { ...said, text: `${opening}${said.text}`.replace(/\n+---\n+$/, "\n") };
}
