import { fc } from "../../fast-check.ts";

/** Quick: a file is deleted. Slow: a site of many files is published. A question runs nothing. */
export type CardKind = "quick" | "slow" | "question";

export interface PlannedCard {
  asker: number;
  kind: CardKind;
  decision: "approve" | "deny";
  /** Beside the press that counts: the same once more, the opposite at the same time, somebody else's before it. */
  beside: "nothing" | "again" | "opposite" | "stranger";
}

export type Step =
  | { do: "decide"; card: number }
  /** The one who has no card writes, or wants their answer to end. */
  | { do: "say"; what: "echo" | "words" | "secret" }
  | { do: "stop" }
  /** An asker writes while their decisions are carried out. */
  | { do: "chime"; asker: number }
  | { do: "crash"; what: "thread" | "eviction" }
  | { do: "crash"; what: "kernel"; asker: number };

export interface Plan {
  askers: number;
  cards: PlannedCard[];
  /** When the Thread is taken away while the cards are made; null: it is not. */
  crashWhileAsking: number | null;
  /** The Thread is taken away when it has taken all in, and nobody comes by after that. */
  crashLast: boolean;
  /** What happens, and how long after what was before it, in milliseconds. */
  steps: { step: Step; afterMs: number }[];
}

const asker = fc.nat({ max: 2 });
const card = (by: number) =>
  fc.record({
    asker: fc.constant(by),
    kind: fc.constantFrom<CardKind>("quick", "quick", "quick", "slow", "question", "question"),
    decision: fc.constantFrom("approve" as const, "approve" as const, "deny" as const),
    beside: fc.constantFrom<PlannedCard["beside"]>("nothing", "nothing", "again", "opposite", "stranger"),
  });
const cardsOf = (by: number) =>
  fc.oneof(
    { weight: 10, arbitrary: fc.tuple(card(by)) },
    { weight: 2, arbitrary: fc.tuple(card(by), card(by)) },
    { weight: 1, arbitrary: fc.tuple(card(by), card(by), card(by)) },
  );
const others = fc.oneof(
  fc.record({ do: fc.constant("say" as const), what: fc.constantFrom("echo" as const, "words" as const, "secret" as const) }), // oxfmt-ignore
  fc.record({ do: fc.constant("stop" as const) }),
  fc.record({ do: fc.constant("chime" as const), asker }),
);
const crash = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("crash" as const), what: fc.constant("thread" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), what: fc.constant("eviction" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), what: fc.constant("kernel" as const), asker }) }, // oxfmt-ignore
);

/** A round of a thread: who asks for what, what is decided how, and in which order with everything else. */
export const plans: fc.Arbitrary<Plan> = fc
  .oneof({ weight: 6, arbitrary: fc.constant(2) }, { weight: 1, arbitrary: fc.constant(3) })
  .chain((askers) =>
    fc.tuple(...Array.from({ length: askers }, (_, by) => cardsOf(by))).chain((made) => {
      const cards: PlannedCard[] = made.flat();
      const decides = cards.map((_, at): Step => ({ do: "decide", card: at }));
      return fc
        .tuple(fc.array(others, { minLength: 1, maxLength: 2 }), fc.array(crash, { maxLength: 2 }))
        .chain(([noise, crashes]) => {
          const all: Step[] = [...decides, ...noise, ...crashes];
          return fc.record({
            askers: fc.constant(askers),
            cards: fc.constant(cards),
            crashWhileAsking: fc.option(fc.nat({ max: 30 }), { freq: 1 }),
            crashLast: fc.nat({ max: 3 }).map((n) => n === 0),
            steps: fc
              .tuple(
                fc.shuffledSubarray(all, { minLength: all.length }),
                fc.array(fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 16), { minLength: all.length, maxLength: all.length }),
              )
              .map(([steps, gaps]) => steps.map((step, at) => ({ step, afterMs: gaps[at] ?? 0 }))),
          });
        });
    }),
  );
