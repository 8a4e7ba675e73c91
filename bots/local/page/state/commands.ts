import type { PageCommand } from "../../workspace/page-api.ts";

export interface Suggestion {
  /** The whole text of the composer once it is picked. */
  text: string;
  label: string;
  detail: string;
}

/** `/deckhand stop`; a path such as `/sites/x` is none. */
const slash = /^(\/[a-z][a-z0-9_-]*)(?:\s+([\s\S]*))?$/;

/** The command that a text is, and what follows it. */
export function commandOf(text: string): { command: string; rest: string } | null {
  const match = slash.exec(text.trim());
  return match === null ? null : { command: match[1] ?? "", rest: match[2] ?? "" };
}

const words = (usage: string): string[] =>
  usage
    .split("|")
    .map((word) => word.trim())
    .filter((word) => /^[a-z]+$/.test(word));

/** Commands that begin like what is written, then the words that may follow. What is written out needs no suggestion. */
export function suggestions(commands: readonly PageCommand[], text: string): Suggestion[] {
  if (/^\/\S*$/.test(text)) {
    return commands
      .filter(({ command }) => command.startsWith(text.toLowerCase()) && command !== text)
      .map(({ command, description }) => ({
        text: `${command} `,
        label: command,
        detail: description,
      }));
  }
  const match = /^(\/\S+) +(\S*)$/.exec(text);
  const known = commands.find(({ command }) => command === match?.[1]);
  if (match === null || known === undefined) return [];
  const begun = (match[2] ?? "").toLowerCase();
  return words(known.usage)
    .filter((word) => word.startsWith(begun) && word !== begun)
    .map((word) => ({ text: `${known.command} ${word}`, label: `${known.command} ${word}`, detail: "" }));
}
