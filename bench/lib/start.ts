import { Deckhand } from "../../test/harness/deckhand.ts";

/**
 * Deckhand as `npm start` runs it, with a model that answers at once and a platform that counts no calls: what is left
 * is ours. Every call still asks the posting clock; it only waits for nothing.
 */
export async function startForBench(): Promise<Deckhand> {
  const deckhand = await Deckhand.start({ env: { REHEARSAL_DELAY_MS: "0", PACE: "off" } });
  await deckhand.slack.rates("off");
  await deckhand.slack.setup({ patience: 1 });
  return deckhand;
}
