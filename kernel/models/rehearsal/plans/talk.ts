import { show, textField } from "../output.ts";
import { type Failure, type Plan, type Say, attempt, endAt } from "../plan.ts";

/** A plan that calls nothing. */
// oxlint-disable-next-line require-yield
export function* tell(say: Say | string): Plan {
  return say;
}

export function* askPerson(question: string, choices: string[]): Plan {
  const result = yield* attempt("ask_person", { question, choices });
  if (result.state !== "ok") return endAt("ask_person", result);
  const chosen =
    typeof result.output === "string"
      ? result.output
      : (textField(result.output, "answer", "choice", "label") ?? show(result.output));
  return `You chose **${chosen}**. Thank you, that is all I wanted to know.`;
}

const choicesFor = (subject: string): string[] => {
  if (/colou?r/i.test(subject)) return ["Red", "Green", "Blue"];
  if (/size/i.test(subject)) return ["Small", "Medium", "Large"];
  if (/day|when/i.test(subject)) return ["Today", "Tomorrow", "Next week"];
  return ["Yes", "No", "Not sure"];
};

/** `which colour: teal, plum or sand` → question and choices. */
export function questionOf(words: string): { question: string; choices: string[] } {
  const [subject = "", listed] = words.split(/:(.*)/s);
  const named = (listed ?? "")
    .split(/,|;|\bor\b/)
    .map((choice) =>
      choice
        .replace(/[.?!]+$/, "")
        .trim()
        .slice(0, 60),
    )
    .filter((choice, index, all) => choice !== "" && all.indexOf(choice) === index);
  const clean = subject.replace(/[.?!\s]+$/, "").trim();
  const question = clean === "" ? "Tea or coffee" : clean.charAt(0).toUpperCase() + clean.slice(1);
  const choices = named.length >= 2 ? named.slice(0, 5) : clean === "" ? ["Tea", "Coffee"] : choicesFor(clean);
  return { question: `${question}?`.slice(0, 200), choices };
}

export const count = (to: number): Say => ({
  text: Array.from({ length: to }, (_, index) => `${index + 1}`).join("\n\n"),
  slow: true,
});

const vocabulary =
  "the ship leaves at dawn and every deckhand knows one rope well while the wind turns slowly over a calm grey sea".split(
    " ",
  );

/** Text of exactly `words` words, in sentences and paragraphs, to watch a long answer. */
export function longText(words: number): string {
  const out: string[] = [];
  for (let at = 0; at < words; at++) {
    const start = at % 12 === 0;
    const word = start && at % 60 === 0 ? `(${at + 1})` : (vocabulary[(at * 7) % vocabulary.length] ?? "sea");
    const end = at === words - 1 || at % 12 === 11 ? "." : "";
    out.push(`${start ? word.charAt(0).toUpperCase() + word.slice(1) : word}${end}${at % 60 === 59 ? "\n\n" : " "}`);
  }
  return out.join("").trim();
}

export const table = `| What | Where it lives | Who may see it |
| --- | --- | --- |
| Files of yours | \`home/\` | you |
| Files you dropped here | \`uploads/\` | you |
| Sites before they are public | \`sites/<slug>/\` | you |
| Sites after an approval | \`/sites/<slug>/\` | everybody |

What is yours stays yours: whoever else asks in this thread reaches their own files and not these. A site is public from the moment its card is approved, with the files that the card names; what you change afterwards is not, until it is asked for again.`;

const failures: [RegExp, Failure][] = [
  [/rate|limit|429/i, "rate_limited"],
  [/key|auth|401/i, "unauthorized"],
  [/long|context/i, "too_long"],
  [/time/i, "timeout"],
  [/over|busy|529|mid|half/i, "overloaded"],
];

export const failure = (how: string): Say => ({
  text: /mid|half/i.test(how) ? "This answer breaks off in the middle of a" : "",
  fail: failures.find(([pattern]) => pattern.test(how))?.[1] ?? "refused",
});
