import { numbered } from "../chat/direction.ts";

/** A size as people read it. 1 KB is 1024 bytes. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}

export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** What is not seen, or turns round what is: control and format signs, line separators, and letters that are empty. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

function nameOf(sign: string): string {
  const number = sign.codePointAt(0) ?? 0;
  if (sign === "\n" || sign === "\t") return sign;
  // Unicode has pictures of these.
  return number < 32 ? String.fromCharCode(0x2400 + number) : numbered(sign);
}

/** Text in which every sign is seen, in the order in which it stands: what a person decides about hides nothing. */
export const visible = (text: string): string => text.replace(unseen, nameOf);

/** Text as Markdown code, whatever it holds: a path or a name from a model can start no markup on a card. */
export function code(text: string): string {
  const plain = visible(text.replace(/\p{Cc}/gu, "�"));
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
}
