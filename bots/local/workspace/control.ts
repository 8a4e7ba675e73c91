import { Hono } from "hono";
import { z } from "zod";
import { Fault } from "./faults.ts";
import type { Fields } from "./json.ts";
import type { PageMessage, PageModal, PageStatus } from "./page-api.ts";
import type { RateMode } from "./rates.ts";
import type { Delivery } from "./outbox.ts";
import { app, people } from "./seed.ts";
import { Setup } from "./setup.ts";
import { eventStream } from "./sse.ts";
import type { RecordedCall } from "./web-api.ts";
import type { World } from "./world.ts";

/** What a test can do to the workspace; the routes and `startWorkspace().control` are the same thing. */
export interface Control {
  /** All of it at once. */
  state(): ControlState;
  calls(): RecordedCall[];
  clearCalls(): void;
  deliveries(): Delivery[];
  clearDeliveries(): void;
  /** Events that were not acknowledged yet. */
  undelivered(): number;
  fault(fault: z.input<typeof Fault>): void;
  clearFaults(): void;
  /** Moves the workspace's clock on (or back); what is due becomes due. */
  advance(ms: number): void;
  setRates(mode: RateMode): void;
  /** An event inside a fresh envelope. */
  sendEvent(event: Fields): void;
  /** A body exactly as given; `retry` adds Slack's retry headers. */
  sendRaw(body: string, retry?: { num: number; reason: string }): void;
  /** Changes how the app is registered or the workspace stands; what is not named stays. */
  setup(change: Partial<Setup>): void;
  /** A workspace (or organisation) takes the app's tokens back; the app is told. */
  revoke(place: string): void;
  /** The same, and the app is removed there. */
  uninstall(place: string): void;
  /** Tells the apps that are connected by Socket Mode to come again. */
  disconnectSockets(reason: "warning" | "refresh_requested" | "link_disabled"): void;
  setMember(channel: string, user: string, member: boolean): void;
  /** Everything said, kept, counted and planned is forgotten. */
  reset(): void;
}

/** All that a test can see, at once; what comes after is told by `/control/events`. */
export interface ControlState {
  /** The newest thousand of all channels, oldest first. */
  messages: PageMessage[];
  whispers: { to: string; message: PageMessage }[];
  statuses: PageStatus[];
  /** The uppermost modal of each person who has one open. */
  modals: { to: string; modal: PageModal }[];
  calls: RecordedCall[];
  deliveries: Delivery[];
}

export interface ControlOptions {
  world: World;
  control: Control;
  closing: AbortSignal;
}

const Advance = z.object({ ms: z.number() });
const Rates = z.object({ mode: z.enum(["off", "on", "strict"]) });
const SendEvent = z.union([
  z.object({ event: z.record(z.string(), z.unknown()) }),
  z.object({
    body: z.string(),
    retry: z.object({ num: z.number().int().min(1).max(3), reason: z.string() }).optional(),
  }),
]);
const Revoke = z.object({ place: z.string(), uninstall: z.boolean() });
const Disconnect = z.object({ reason: z.enum(["warning", "refresh_requested", "link_disabled"]) });
const Member = z.object({
  channel: z.string(),
  user: z.enum([app.user, ...people.map((person) => person.id)]),
  member: z.boolean(),
});

/** `/control/*`, for tests; on loopback only, like everything here. */
export function controlRoutes({ world, control, closing }: ControlOptions): Hono {
  const routes = new Hono();
  const done = { ok: true };
  const read = async <T>(request: Request, schema: z.ZodType<T>): Promise<T> => schema.parse(await request.json());
  routes.onError((error, c) => c.json({ ok: false, error: error.message }, 400));

  routes.get("/control/calls", (c) => c.json({ calls: control.calls() }));
  routes.delete("/control/calls", (c) => (control.clearCalls(), c.json(done)));
  routes.get("/control/deliveries", (c) =>
    c.json({ deliveries: control.deliveries(), undelivered: control.undelivered() }),
  );
  routes.delete("/control/deliveries", (c) => (control.clearDeliveries(), c.json(done)));
  routes.post("/control/faults", async (c) => (control.fault(await read(c.req.raw, Fault)), c.json(done)));
  routes.delete("/control/faults", (c) => (control.clearFaults(), c.json(done)));
  routes.post("/control/clock", async (c) => (control.advance((await read(c.req.raw, Advance)).ms), c.json(done)));
  routes.post("/control/rates", async (c) => (control.setRates((await read(c.req.raw, Rates)).mode), c.json(done)));
  routes.post("/control/event", async (c) => {
    const sent = await read(c.req.raw, SendEvent);
    if ("event" in sent) control.sendEvent(sent.event);
    else control.sendRaw(sent.body, sent.retry);
    return c.json(done);
  });
  routes.post("/control/setup", async (c) => {
    const change = await read(c.req.raw, Setup.partial());
    control.setup(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
    return c.json(done);
  });
  routes.post("/control/revoke", async (c) => {
    const { place, uninstall } = await read(c.req.raw, Revoke);
    if (uninstall) control.uninstall(place);
    else control.revoke(place);
    return c.json(done);
  });
  routes.post("/control/sockets/disconnect", async (c) => {
    control.disconnectSockets((await read(c.req.raw, Disconnect)).reason);
    return c.json(done);
  });
  routes.post("/control/members", async (c) => {
    const { channel, user, member } = await read(c.req.raw, Member);
    control.setMember(channel, user, member);
    return c.json(done);
  });
  routes.post("/control/reset", (c) => (control.reset(), c.json(done)));
  routes.get("/control/state", (c) => c.json(control.state()));
  routes.get("/control/events", () => eventStream(world.feed, null, closing));
  return routes;
}
