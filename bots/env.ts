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
  COMPUTER: z
    .enum(["container", "docker", "jail", "simulated"], {
      error: "COMPUTER must be container, docker, jail or simulated; leave it out to have it found out",
    })
    .optional(),
  /** In a sentence; set by `npm start`. */
  COMPUTER_REASON: z.string().max(500).optional(),
  /** The host of jails on this machine and the word it lets the Worker in by; set by `npm start`. */
  COMPUTER_HOST_URL: z.url({ error: "COMPUTER_HOST_URL must be an address; npm start sets it" }).optional(),
  COMPUTER_HOST_TOKEN: z.string().min(16, { error: "COMPUTER_HOST_TOKEN is too short; npm start sets it" }).optional(),
  LOCAL: z.enum(["0", "1"], { error: "LOCAL must be 1 on a laptop and absent elsewhere" }).default("0"),
});
export type WorkerVars = z.infer<typeof WorkerVars>;

/** @throws KernelError config.invalid, naming the variable and the fix. */
export function readWorkerVars(env: object): WorkerVars {
  const read = WorkerVars.safeParse(env);
  if (read.success) return read.data;
  throw new KernelError("config.invalid", read.error.issues.map((issue) => issue.message).join(". "));
}
