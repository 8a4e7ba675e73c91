import { z } from "zod";

/** How the app is registered and the workspace stands; a test may change it while it runs. */
export const Setup = z.object({
  commands: z.array(z.object({ command: z.string(), description: z.string(), usage: z.string() })).max(50),
  shortcuts: z
    .array(z.object({ callbackId: z.string(), name: z.string(), kind: z.enum(["message", "global"]) }))
    .max(10),
  /** Domains whose links the app unfurls; a port may follow. */
  unfurlDomains: z.array(z.string()).max(50),
  /** The events that the app is subscribed to (`message.im`, `link_shared` …); null: all that there are. */
  events: z.array(z.string()).max(100).nullable(),
  clientId: z.string(),
  clientSecret: z.string(),
  /** For Socket Mode. */
  appToken: z.string(),
  /** Tokens from OAuth expire and are renewed. */
  rotation: z.boolean(),
  /** The Enterprise Grid organisation the workspace is of; `orgInstall`: the app is installed for all of it. */
  grid: z.object({ id: z.string(), name: z.string(), orgInstall: z.boolean() }).nullable(),
  /** How many times longer than Slack an answer is waited for: for tests of other things, on a machine that is busy. */
  patience: z.number().min(1).max(20),
});
export type Setup = z.infer<typeof Setup>;

export const firstSetup = (): Setup => ({
  commands: [
    {
      command: "/deckhand",
      description: "What Deckhand does for you here",
      usage: "help | threads | files | sites | approvals | stop | model | doctor",
    },
  ],
  shortcuts: [
    { callbackId: "ask_deckhand", name: "Ask Deckhand about this", kind: "message" },
    { callbackId: "new_thread", name: "Ask Deckhand", kind: "global" },
  ],
  unfurlDomains: [],
  events: null,
  clientId: "local.deckhand",
  clientSecret: "local-client-secret",
  appToken: "xapp-local",
  rotation: false,
  grid: null,
  patience: 1,
});
