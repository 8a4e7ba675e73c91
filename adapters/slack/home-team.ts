/*
 * Whose workspace something is. On Enterprise Grid Slack writes an organisation's id (E…) in places where a workspace's
 * (T…) stands elsewhere, and leaves one out that it names elsewhere; a person and a thread must have one name all the same,
 * whichever way something comes in.
 */
type Ids = readonly (string | null | undefined)[];

const isOrganisation = (id: string): boolean => id.startsWith("E");

/** The first workspace among the ids; an organisation's id where there is nothing else. */
export const workspaceOf = (...ids: Ids): string | null =>
  ids.find((id) => id && !isOrganisation(id)) ?? ids.find(Boolean) ?? null;

/**
 * The workspace of a person. `named`: what is said of the person; `here`: where it happened; `organisations`: our own,
 * whose id is no workspace. People of another company keep what is said of them, which may be no more than theirs.
 */
export function homeOf(named: Ids, here: Ids, organisations: Ids): string | null {
  const ours = new Set(organisations.filter((id) => id && isOrganisation(id)));
  return named.find((id) => id && !ours.has(id)) ?? workspaceOf(...here, ...named, ...organisations);
}
