/** Signs that chat apps write into their messages. The page draws them: a machine may have no emoji font. */
export const signs = {
  "✅": { icon: "check", tone: "good", words: "done" },
  "❌": { icon: "cross", tone: "bad", words: "failed" },
  "⛔": { icon: "cross", tone: "bad", words: "refused" },
  "⚠": { icon: "alert", tone: "warn", words: "warning" },
  "⌛": { icon: "pause", tone: "dim", words: "expired" },
  "⏳": { icon: "pause", tone: "dim", words: "working" },
  "⏸": { icon: "pause", tone: "dim", words: "waiting" },
  "📎": { icon: "attach", tone: "dim", words: "file" },
} as const;

export type Sign = keyof typeof signs;

const known = (text: string): text is Sign => text in signs;
const pattern = new RegExp(`(${Object.keys(signs).join("|")})\\uFE0F?`, "gu");

/** Text and the signs in it, in their order. */
export function splitSigns(text: string): ({ sign: Sign } | { text: string })[] {
  return text
    .split(pattern)
    .filter((part) => part !== "")
    .map((part) => (known(part) ? { sign: part } : { text: part }));
}
