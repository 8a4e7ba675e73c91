import { z } from "zod";
import { KernelError } from "../errors.ts";
import { defineTool } from "./define.ts";

export const askPerson = defineTool({
  name: "ask_person",
  description:
    "Asks the person who gave you this work a question with two to five short choices, shown as buttons, and waits for the answer. Use it when you cannot go on sensibly without a decision; not for approvals, which other tools ask for themselves.",
  input: z.object({
    question: z.string().min(1).max(1000).describe("The question, in one or two sentences. Markdown is fine."),
    choices: z
      .array(z.string().trim().min(1).max(60))
      .min(2)
      .max(5)
      .refine((choices) => new Set(choices).size === choices.length, "The choices must differ from each other.")
      .describe("The answers to choose from, each a few words."),
  }),
  capability: "host.call",
  risk: "low",
  command: true,
  consent: "ask",
  title: ({ question }) => `Ask: ${question.slice(0, 80)}`,
  prepare: async ({ question, choices }) => ({
    title: "A question for you",
    body: question,
    pinned: null,
    choices: choices.map((label, index) => ({ id: String(index + 1), label })),
  }),
  async run({ choices }, ctx) {
    // The choice's id, as on the button; or its words.
    const chosen = choices[Number(ctx.answer) - 1] ?? choices.find((label) => label === ctx.answer);
    if (chosen === undefined)
      throw new KernelError("input.invalid", "The question has not been answered with one of its choices.");
    return { output: { answer: chosen }, detail: `Answer: ${chosen}` };
  },
});
