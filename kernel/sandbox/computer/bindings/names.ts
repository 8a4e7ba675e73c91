/* What the Worker, the host of jails and the command itself (`deckhand.mjs`) know of each other. */

/** The host name by which a box speaks to the Kernel of its person. It is never looked up. */
export const commandHost = "deckhand.internal";
/** The variable that says under which call of a turn a command runs. */
export const callVariable = "DECKHAND_CALL";
/** One command line, with what came in on stdin. */
export const maxCommandBytes = 2_000_000;

/** What the Worker is told of a call by the host of jails: which box, as its socket says, and the path it asked for. */
export const internalHeaders = {
  box: "x-deckhand-box",
  token: "x-deckhand-computer-token",
  path: "x-deckhand-path",
} as const;
