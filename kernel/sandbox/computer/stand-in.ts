import { z } from "zod";
import { BoxState, HostError, hostHeader, tokenHeader } from "./host/wire.ts";

export interface StandInOptions {
  /** Where the host of jails listens, and what opens it. */
  url: string;
  token: string;
  /** The box, `[a-z0-9-]{1,64}`. */
  id: string;
  fetch?: typeof fetch;
  /** The answer of `seed` when it was asked for earlier. */
  running?: boolean;
}

/** What the SDK needs of `ctx.container`, over a jail, and the little more that the host can do. */
export interface ContainerStandIn extends Pick<
  Container,
  | "running"
  | "start"
  | "monitor"
  | "destroy"
  | "signal"
  | "getTcpPort"
  | "setInactivityTimeout"
  | "interceptOutboundHttp"
  | "interceptAllOutboundHttp"
  | "interceptOutboundHttps"
> {
  /** Asks the host whether the box runs; `running` is read synchronously, so this goes first (`blockConcurrencyWhile`). */
  seed(): Promise<void>;
  /** Hosts the box may reach; replaces the list before. */
  allow(hosts: string[]): Promise<void>;
  state(): Promise<BoxState>;
  /** Ends what runs in it, whatever state that is in; its disk is kept. */
  end(): Promise<void>;
  /** Why the host did not start it when it was asked last, in a sentence for a person. */
  readonly refused: string | null;
}

const Monitored = z.object({ ended: BoxState.shape.ended });

/** What the host itself said of it, in words meant for a person. */
class HostSays extends Error {}

/** Words the SDK knows this by. */
const notListening = () => new Error("the container is not listening");
/** Of three tries to ask a host that may be starting again. */
const retryMs = 250;
const maxTries = 3;

/**
 * Stands in for the container of a Durable Object and drives a jail through its host. The SDK runs on it unchanged: see
 * `Object.defineProperty(ctx, "container", …)` where the object is made.
 */
export function containerStandIn(options: StandInOptions): ContainerStandIn {
  const { url, token, id } = options;
  const ask = options.fetch ?? ((input, init) => fetch(input, init));
  let running = options.running ?? false;
  let starting: Promise<void> = Promise.resolve();
  let watching: Promise<void> | null = null;
  let refused: string | null = null;

  const control = async <T>(method: string, action: string, schema: z.ZodType<T>, body?: object): Promise<T> => {
    const response = await ask(`${url}/boxes/${id}${action}`, {
      method,
      headers: { [tokenHeader]: token },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const json: unknown = await response.json().catch(() => null);
    if (response.status === 200) return schema.parse(json);
    const said = HostError.safeParse(json);
    if (said.success) throw new HostSays(said.data.error);
    throw new Error(`the host of computers answered ${response.status}`);
  };

  /** Polls until the box has ended. @throws Error in the SDK's words when it did not end by itself or in order */
  const watch = async (): Promise<void> => {
    await starting;
    for (let failures = 0; ;) {
      try {
        const { ended } = await control("GET", "/monitor", Monitored);
        failures = 0;
        if (ended === null) continue;
        running = false;
        if (ended.exitCode === 0 || ended.limit === null) return;
        // A limit: its sentence goes to whoever waits, behind the words by which the SDK knows an exit.
        throw new Error(`container exited with unexpected exit code: ${ended.exitCode}`, {
          cause: new Error(ended.message),
        });
      } catch (thrown) {
        if (!running) throw thrown;
        failures += 1;
        if (failures < maxTries) {
          await new Promise((done) => setTimeout(done, retryMs));
          continue;
        }
        // Boxes end with their host.
        running = false;
        throw thrown;
      }
    }
  };

  const monitor = (): Promise<void> => {
    if (watching) return watching;
    const mine = watch().finally(() => {
      if (watching === mine) watching = null;
    });
    // Who asked for it hears of it; nobody else has to.
    mine.catch(() => undefined);
    watching = mine;
    return mine;
  };

  const send = async (port: number, input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    await starting;
    const asked = new Request(input, init);
    const { pathname, search } = new URL(asked.url);
    const onward = new Request(`${url}/boxes/${id}/ports/${port}${pathname}${search}`, asked);
    onward.headers.set(tokenHeader, token);
    let response: Response;
    try {
      response = await ask(onward, { redirect: "manual" });
    } catch (thrown) {
      if (asked.signal.aborted) throw thrown;
      // The box may have ended with its host, or in this very moment.
      throw Object.assign(notListening(), { cause: thrown });
    }
    if (response.headers.get(hostHeader) === null) return response;
    await response.body?.cancel();
    if (response.status === 502) throw notListening();
    return new Response("too many requests to one computer", { status: 503 });
  };

  const refuse = () => Promise.reject(new Error("a jail has no outbound handlers: set its list of allowed hosts"));

  return {
    get running() {
      return running;
    },
    get refused() {
      return refused;
    },
    async seed() {
      const state = await control("GET", "", BoxState).catch(() => null);
      running = state?.state === "running";
      if (running) void monitor().catch(() => undefined);
    },
    start(startup) {
      if (running) throw new Error("start() cannot be called on a container that is already running.");
      running = true;
      starting = control("POST", "/start", BoxState, { env: startup?.env ?? {} }).then(
        () => void (refused = null),
        (thrown: unknown) => {
          running = false;
          refused = thrown instanceof HostSays ? thrown.message : null;
          throw thrown;
        },
      );
      starting.catch(() => undefined);
    },
    monitor,
    signal(number) {
      // Every signal that would end a container puts the box to sleep: its disk is kept.
      if (![2, 9, 15].includes(number)) return;
      void control("POST", "/sleep", BoxState).then(
        () => (running = false),
        () => undefined,
      );
    },
    async destroy() {
      await control("DELETE", "", z.object({}));
      running = false;
      starting = Promise.resolve();
    },
    getTcpPort: (port) => portOf((input, init) => send(port, input, init)),
    // The SDK puts a box to sleep by its own alarm.
    setInactivityTimeout: () => Promise.resolve(),
    interceptOutboundHttp: refuse,
    interceptAllOutboundHttp: refuse,
    interceptOutboundHttps: refuse,
    async allow(hosts) {
      await control("PUT", "/egress", BoxState, { hosts });
    },
    state: () => control("GET", "", BoxState),
    async end() {
      await control("POST", "/sleep", BoxState);
      // It tells when the box is seen to have ended; until then nothing starts it, and afterwards something may have.
      await monitor().catch(() => undefined);
    },
  };
}

/** The part of a Fetcher there is: requests, and upgrades to a WebSocket. */
function portOf(send: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>): Fetcher {
  const connect = () => {
    throw new Error("a jail's ports are reached by HTTP and WebSocket");
  };
  return { fetch: send, connect };
}
