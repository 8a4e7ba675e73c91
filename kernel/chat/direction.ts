/** `⟨U+202E⟩`: a sign that is not seen, by its number. */
export const numbered = (sign: string): string =>
  `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/*
 * Signs that turn round or hide what stands beside them: marks of direction, shaping that was given up, annotations, and
 * the letters of tags, in which words can be written that nobody sees. Tags after a black flag are the flag of a country;
 * the joiners of emoji and of scripts are none of these, and neither is a script that runs from right to left.
 */
const turning =
  /(?<flag>\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f})|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text that reads in the order in which it stands: a sign that would turn it round is shown, and does nothing. */
export const upright = (text: string): string =>
  text.replace(turning, (sign, flag: string | undefined) => flag ?? numbered(sign));
