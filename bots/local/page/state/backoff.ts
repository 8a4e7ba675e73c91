/** How long to wait before the n-th try (from 1): doubling from a quarter second, never over eight seconds. */
export const backoffMs = (attempt: number): number =>
  Math.min(8_000, 250 * 2 ** Math.max(0, Math.min(10, attempt - 1)));
