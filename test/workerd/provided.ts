import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** How many interleavings are played in each of their files. */
    rounds: number;
    seed: number;
  }
}
