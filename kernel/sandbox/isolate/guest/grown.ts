import { type Bound, itemsOf } from "./growth.ts";

/** What an instrumented program asks about values that no native makes. */
export interface Grown {
  /** Of `a + b`, `a += b` and a template: the value, when it is a text that is not too long. */
  text: <T>(value: T) => T;
  /** Of `...value`, in a list or a call. */
  spread: <T>(value: T) => T;
  /** Of `new Array(n)` and `Array(n)`. */
  count: <T>(value: T) => T;
}

export function grown({ most, check }: Bound): Grown {
  return {
    text: (value) => {
      if (typeof value === "string" && value.length > most) check(value.length, "a text");
      if (typeof value === "bigint" && (value > large || value < -large)) check(most + 1, "a number");
      return value;
    },
    spread: (value) => {
      const bytes = itemsOf(value) * 8;
      if (bytes > most) check(bytes, "...");
      return value;
    },
    count: (value) => {
      if (typeof value === "number" && value * 8 > most) check(value * 8, "Array");
      return value;
    },
  };
}

/** Of more than two million digits. */
const large = 1n << 8_000_000n;
