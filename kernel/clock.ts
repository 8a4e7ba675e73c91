/** The one place time comes from, in milliseconds since the epoch; passed in, so that tests do not sleep. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();
