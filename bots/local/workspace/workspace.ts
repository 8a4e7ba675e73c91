import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { systemClock } from "../../../kernel/clock.ts";
import { controlRoutes, type Control } from "./control.ts";
import { emptyDatabase, openDatabase, prepareOnce } from "./database.ts";
import { channelOfEvent, envelope, isSubscribed, tokensRevokedEvent, uninstalledEvent } from "./events.ts";
import { Faults, Fault } from "./faults.ts";
import { Feed } from "./feed.ts";
import { fileRoutes } from "./file-routes.ts";
import { FileStore } from "./file-store.ts";
import { refusal } from "./guard.ts";
import { Hooks } from "./hooks.ts";
import { stampMaker } from "./ids.ts";
import { textOf } from "./json.ts";
import { bounds } from "./limits.ts";
import { MessageStore } from "./message-store.ts";
import { endExpiredStatuses } from "./methods/sessions.ts";
import { endExpiredStreams } from "./methods/stream.ts";
import { oauthRoutes } from "./oauth-routes.ts";
import { Outbox, type Delivery } from "./outbox.ts";
import type { PageState } from "./page-api.ts";
import { pageRoutes } from "./page-routes.ts";
import { pageMessage, pageStatus } from "./page-view.ts";
import { showChannels } from "./posting.ts";
import { Soon } from "./soon.ts";
import { Rates, type RateMode } from "./rates.ts";
import { Ring } from "./ring.ts";
import { people, seedChannels } from "./seed.ts";
import { firstSetup, type Setup } from "./setup.ts";
import { SocketMode } from "./socket-mode.ts";
import { Tokens } from "./tokens.ts";
import { LivePages } from "./live.ts";
import { Terminals } from "./terminals.ts";
import { ThreadStore } from "./thread-store.ts";
import { webApi, type RecordedCall } from "./web-api.ts";
import { pageModal } from "./view-store.ts";
import { isInstalled, type Ephemeral, type WorkerUrls, type World } from "./world.ts";

export interface WorkspaceOptions {
  /** 0 or none: a free one. */
  port?: number;
  /** A path, or `:memory:`. */
  stateFile: string;
  signingSecret: string;
  botToken: string;
  /** Where signed events are sent; more of it, and later, by `setWorker`. */
  eventsUrl?: string | null;
  features?: PageState["features"];
  /** How the app is registered, where it is not as `firstSetup` has it. */
  setup?: Partial<Setup>;
  now?: () => number;
  /** Serves the page: asked for everything that is no route of the workspace; null is a 404. */
  staticHandler?: (request: Request) => Response | null | Promise<Response | null>;
}

export interface Workspace {
  url: string;
  /** For `SLACK_API_URL`; ends with a slash. */
  apiUrl: string;
  control: Control;
  setFeatures(features: PageState["features"]): void;
  /** Where the Worker is now. What waited for it is sent again at once. */
  setWorker(urls: Partial<Omit<WorkerUrls, "away">>): void;
  /**
   * The Worker is known to be away for a while: pages say so, and nothing is sent to it until it is back. Then what was
   * not acknowledged is sent again at once, which Slack would not do.
   */
  setAway(away: boolean): void;
  close(): Promise<void>;
}

const endings = new Set(["app_uninstalled", "tokens_revoked"]);

/** Starts a Slack of one's own on 127.0.0.1. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const db = openDatabase(options.stateFile);
  const sql = prepareOnce(db);
  const closing = new AbortController();
  const clock = options.now ?? systemClock;
  let offsetMs = 0;
  let features = options.features ?? [];
  let rateMode: RateMode = "on";
  let origin = "";
  const now = (): number => clock() + offsetMs;
  const messages = new MessageStore(sql);
  const feed = new Feed();
  const faults = new Faults();
  const rates = new Rates();
  const calls = new Ring<RecordedCall>(bounds.ring);
  const deliveries = new Ring<Delivery>(bounds.ring);
  const worker: WorkerUrls = {
    eventsUrl: options.eventsUrl ?? null,
    actionsUrl: null,
    commandsUrl: null,
    traceUrl: null,
    terminalUrl: null,
    away: false,
  };
  const sockets: SocketMode = new SocketMode(() => outbox.retryAll());
  const outbox: Outbox = new Outbox({
    sql,
    signingSecret: options.signingSecret,
    url: () => (worker.away ? null : worker.eventsUrl),
    sockets,
    wrap(event, place) {
      const channel = world.channels.find((one) => one.id === channelOfEvent(event));
      return envelope(event, { nowMs: now(), grid: world.setup.grid, shared: channel?.shared === true, place });
    },
    now,
    signingNow: clock,
    patience: () => world.setup.patience,
    onDelivery(delivery) {
      deliveries.push(delivery);
      feed.toTests({ type: "delivery", delivery });
    },
  });
  const world: World = {
    signingSecret: options.signingSecret,
    botToken: options.botToken,
    worker,
    channels: seedChannels(),
    messages,
    files: new FileStore(sql),
    threads: new ThreadStore(sql),
    feed,
    hooks: new Hooks(() => world.setup.patience),
    setup: { ...firstSetup(), ...options.setup },
    tokens: new Tokens(sql, options.botToken),
    sockets,
    ephemerals: new Ring<Ephemeral>(bounds.ephemerals),
    origin: () => origin,
    now,
    signingNow: clock,
    nextTs: stampMaker(now, messages.lastStamp()),
    sendEvent(event, place) {
      // Of its own end an app hears; after that of nothing, until it is installed again.
      const heard = endings.has(textOf(event.type)) || isInstalled(world, place);
      if (heard && isSubscribed(world.setup.events, event)) outbox.send(event, place);
    },
    channelsChanged: () => channelsChanged.ask(),
  };
  const channelsChanged = new Soon(() => showChannels(world), bounds.channelsMs);
  const sweep = (): void => {
    endExpiredStreams(world);
    endExpiredStatuses(world);
  };
  const control: Control = {
    state: () => ({
      messages: messages.recent(1_000).map((message) => pageMessage(world, message, null)),
      whispers: world.ephemerals.all(),
      statuses: world.threads.sessions().map(pageStatus),
      modals: people.flatMap(({ id }) => {
        const modal = pageModal(world.threads.modals(id).at(-1));
        return modal === null ? [] : [{ to: id, modal }];
      }),
      calls: calls.all(),
      deliveries: deliveries.all(),
    }),
    calls: () => calls.all(),
    clearCalls: () => calls.clear(),
    deliveries: () => deliveries.all(),
    clearDeliveries: () => deliveries.clear(),
    undelivered: () => outbox.waiting(),
    fault: (fault) => faults.add(Fault.parse(fault)),
    clearFaults: () => faults.clear(),
    advance(ms) {
      offsetMs += ms;
      sweep();
      outbox.pump();
    },
    setRates(mode) {
      rateMode = mode;
      rates.clear();
    },
    sendEvent: (event) => void outbox.send(event),
    sendRaw: (body, retry) => outbox.sendRaw(body, retry?.num ?? 0, retry?.reason ?? null),
    revoke(place) {
      world.tokens.endAll(place);
      world.sendEvent(tokensRevokedEvent(), place);
    },
    uninstall(place) {
      control.revoke(place);
      world.sendEvent(uninstalledEvent(), place);
    },
    disconnectSockets: (reason) => sockets.disconnect(reason),
    setup: (change) => void Object.assign(world.setup, change),
    setMember(channelId, user, member) {
      const channel = world.channels.find((one) => one.id === channelId);
      if (channel === undefined) throw new Error(`No channel ${channelId}`);
      channel.members = [...channel.members.filter((one) => one !== user), ...(member ? [user] : [])];
      world.channelsChanged();
    },
    reset() {
      emptyDatabase(db);
      faults.clear();
      rates.clear();
      calls.clear();
      deliveries.clear();
      world.ephemerals.clear();
      Object.assign(world.setup, firstSetup(), options.setup);
      world.channels.splice(0, Infinity, ...seedChannels());
      world.channelsChanged();
    },
  };

  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use(async (c, next) => {
    const why = refusal({
      method: c.req.method,
      path: c.req.path,
      host: c.req.header("host"),
      origin: c.req.header("origin"),
      site: c.req.header("sec-fetch-site"),
    });
    return why === null ? next() : c.text(why, 403);
  });
  routes.route("/", webApi({ world, faults, rates, rateMode: () => rateMode, calls }));
  routes.route("/", fileRoutes(world, faults));
  routes.route("/", oauthRoutes(world));
  routes.route("/", pageRoutes({ world, features: () => features }));
  routes.route("/", controlRoutes({ world, control, closing: closing.signal }));
  routes.all("*", async (c) => (await options.staticHandler?.(c.req.raw)) ?? c.text("Not found", 404));

  const server = createAdaptorServer({ fetch: routes.fetch, overrideGlobalObjects: false }) as Server;
  origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  const terminals = new Terminals({
    signingSecret: options.signingSecret,
    workerUrl: () => worker.terminalUrl,
    now: clock,
  });
  const pages = new LivePages(feed);
  server.on("upgrade", (request, socket, head) => {
    if (terminals.upgrade(request, socket, head) || pages.upgrade(request, socket, head)) return;
    sockets.upgrade(request, socket, head, now());
  });
  const sweeper = setInterval(sweep, 10_000);
  sweeper.unref();
  // What was left undelivered when the workspace last ended.
  outbox.retryAll();

  return {
    url: origin,
    apiUrl: `${origin}/api/`,
    control,
    setFeatures(next) {
      features = next;
      feed.publish(
        () => true,
        () => ({ type: "features", features }),
      );
    },
    setWorker(urls) {
      Object.assign(worker, urls);
      outbox.retryAll();
      // A page that was open before then knows of no trace and no terminal: it comes again and asks for the state.
      pages.close();
    },
    setAway(away) {
      if (worker.away === away) return;
      worker.away = away;
      feed.publish(
        () => true,
        () => ({ type: "worker", away }),
      );
      if (!away) outbox.redeliver();
    },
    async close() {
      clearInterval(sweeper);
      channelsChanged.close();
      outbox.close();
      closing.abort();
      sockets.close();
      terminals.close();
      pages.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      db.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The workspace has no port."));
      else resolve(address.port);
    });
  });
}
