/** What was written and not sent, by {@link placeKey}; it outlives a change of channel, not a reload. */
export interface Draft {
  text: string;
  files: readonly File[];
}

const drafts = new Map<string, Draft>();
const fillers = new Map<string, (more: Partial<Draft>) => void>();
const maxDrafts = 100;

export const placeKey = (me: string, channel: string, threadTs: string | null): string =>
  `${me}/${channel}/${threadTs ?? ""}`;

export const draftOf = (key: string): Draft => drafts.get(key) ?? { text: "", files: [] };

export function keepDraft(key: string, draft: Draft): void {
  drafts.delete(key);
  if (draft.text === "" && draft.files.length === 0) return;
  drafts.set(key, draft);
  const oldest = drafts.keys().next().value;
  if (drafts.size > maxDrafts && oldest !== undefined) drafts.delete(oldest);
}

/** A composer on show takes words and files that come from elsewhere: a suggestion, a drop. */
export function onFill(key: string, fill: (more: Partial<Draft>) => void): () => void {
  fillers.set(key, fill);
  return () => {
    if (fillers.get(key) === fill) fillers.delete(key);
  };
}

export const fill = (key: string, more: Partial<Draft>): void => fillers.get(key)?.(more);
