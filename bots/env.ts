import { z } from "zod";
import { KernelError } from "../kernel/errors.ts";

/** Variables of the Worker as a whole. A platform's and the model's own are read where they are used. */
const WorkerVars = z.object({
  PUBLIC_URL: z.url({
    protocol: /^https?$/,
    error: "PUBLIC_URL must be set to the address of this Worker, for example https://deckhand.example.workers.dev",
  }),
  PACE: z
    .enum(["on", "off"], { error: "PACE must be on, or off for measuring without the platform's rates" })
    .default("on"),
  LOCAL: z.enum(["0", "1"], { error: "LOCAL must be 1 on a laptop and absent elsewhere" }).default("0"),
});
export type WorkerVars = z.infer<typeof WorkerVars>;

/** @throws KernelError config.invalid, naming the variable and the fix. */
export function readWorkerVars(env: object): WorkerVars {
  const read = WorkerVars.safeParse(env);
  if (read.success) return read.data;
  throw new KernelError("config.invalid", read.error.issues.map((issue) => issue.message).join(". "));
}
