import type { ModelChoice } from "./choose.ts";

/** One line of the table that is shown at start. */
export interface ModelLine {
  name: string;
  on: boolean;
  why: string;
  /** What to set for something else; empty when there is nothing to say. */
  set: string;
}

/** What the start table says about the model. */
export function describeModel(choice: ModelChoice): ModelLine {
  if (choice.provider === "rehearsal")
    return {
      name: "model",
      on: false,
      why: `rehearsal, because ${choice.why}: it understands a few phrases and drives the real tools`,
      set: "ANTHROPIC_API_KEY=… (or OPENAI_API_KEY=…, or MODEL=ollama:…) in .env",
    };
  return {
    name: "model",
    on: true,
    why: `${choice.label}, because ${choice.why}; ${choice.eyes ? "takes pictures" : "has no eyes for pictures"}`,
    set: choice.eyes ? "" : "MODEL_EYES=yes if it does take pictures",
  };
}
