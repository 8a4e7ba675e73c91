import { readEvents } from "./event-source.ts";
import type { ControlState } from "./control.ts";
import type { FaultInput } from "./faults.ts";
import type { FeedEvent } from "./feed.ts";
import type { Fields } from "./json.ts";
import type { Delivery } from "./outbox.ts";
import type { PageDetails, PageMessage, PageModal, PageStatus } from "./page-api.ts";
import type { RateMode } from "./rates.ts";
import { app, team } from "./seed.ts";
import type { Setup } from "./setup.ts";
import { PeopleClient } from "./people-client.ts";
import { shownText } from "./shown.ts";
import { Waiting } from "./waiting.ts";
import type { HeldCall, RecordedCall } from "./web-api.ts";

export type { Done, InstallChoice, SayOptions, SubmitDone } from "./people-client.ts";
export { shownButtons, shownText } from "./shown.ts";

const defaultMs = 45_000;
const key = (message: { channel: string; ts: string }): string => `${message.channel}:${message.ts}`;
/**
 * A person, and the hand of a test, at a running local workspace. Waits are for what has happened already or will.
 * @example
 *   await using slack = await WorkspaceClient.connect(workspace.url);
 *   const ts = await slack.say("U0ADA", "C0GENERAL", "@Deckhand hello");
 *   const answer = await slack.waitForReply("C0GENERAL", ts);
 */
export class WorkspaceClient extends PeopleClient implements AsyncDisposable {
  readonly #closing = new AbortController();
  readonly #waiting = new Waiting();
  readonly #messages = new Map<string, PageMessage>();
  readonly #statuses = new Map<string, PageStatus>();
  #whispers: { to: string; message: PageMessage }[] = [];
  readonly #modals = new Map<string, PageModal>();
  readonly #details: PageDetails[] = [];
  readonly #homes = new Map<string, unknown[]>();
  #calls: RecordedCall[] = [];
  /** Calls with arguments that Slack does not know, or of a wrong type; kept when the others are cleared. */
  readonly strange: RecordedCall[] = [];
  readonly #held: HeldCall[] = [];
  #deliveries: Delivery[] = [];
  #reading: Promise<void> = Promise.resolve();

  static async connect(url: string): Promise<WorkspaceClient> {
    const client = new WorkspaceClient(url);
    await new Promise<void>((resolve) => {
      client.#reading = readEvents({
        url: `${url}/control/events`,
        signal: client.#closing.signal,
        onOpen: async () => {
          await client.refresh();
          resolve();
        },
        onEvent: (data) => client.#take(data as FeedEvent),
      });
    });
    return client;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.close();
    await this.#reading;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A message that fits, whoever sees it; the newest version of it. */
  waitForMessage(fits: (message: PageMessage) => boolean, timeoutMs = defaultMs): Promise<PageMessage> {
    const look = () => [...this.#messages.values()].findLast(fits);
    return this.#waiting.until("a message", look, timeoutMs, () => this.#story());
  }
  /** Deckhand's message under a root that fits and is no longer streaming. */
  waitForReply(
    channel: string,
    threadTs: string,
    fits = (_: PageMessage) => true,
    timeoutMs = defaultMs,
  ): Promise<PageMessage> {
    return this.waitForMessage(
      (one) =>
        one.channel === channel && one.threadTs === threadTs && one.user === app.user && !one.streaming && fits(one),
      timeoutMs,
    );
  }
  /** An ephemeral message to one person. */
  async waitForWhisper(to: string, fits = (_: PageMessage) => true, timeoutMs = defaultMs): Promise<PageMessage> {
    const look = () => this.#whispers.findLast((one) => one.to === to && fits(one.message))?.message;
    return this.#waiting.until(`a whisper to ${to}`, look, timeoutMs, () => this.#story());
  }
  /** The person's uppermost modal, once it fits. */
  waitForModal(as: string, fits = (_: PageModal) => true, timeoutMs = defaultMs): Promise<PageModal> {
    const look = () => {
      const modal = this.#modals.get(as);
      return modal !== undefined && fits(modal) ? modal : undefined;
    };
    return this.#waiting.until(`a modal of ${as}`, look, timeoutMs, () => JSON.stringify([...this.#modals.values()]));
  }
  protected async shownHome(as: string): Promise<unknown[]> {
    return this.#homes.get(as) ?? (await this.home(as)) ?? [];
  }
  /** True once the person has no modal open. */
  waitForNoModal(as: string, timeoutMs = defaultMs): Promise<true> {
    const look = () => (this.#modals.has(as) ? undefined : (true as const));
    return this.#waiting.until(`no modal of ${as}`, look, timeoutMs, () => JSON.stringify(this.#modals.get(as)));
  }
  /** The blocks of the person's Home as published last, once they fit. */
  waitForHome(as: string, fits = (_: unknown[]) => true, timeoutMs = defaultMs): Promise<unknown[]> {
    const look = () => {
      const blocks = this.#homes.get(as);
      return blocks !== undefined && fits(blocks) ? blocks : undefined;
    };
    return this.#waiting.until(`a Home of ${as}`, look, timeoutMs, () => JSON.stringify(this.#homes.get(as)));
  }
  /** What the app says of the Work Object that was opened under a trigger. */
  waitForDetails(triggerId: string, timeoutMs = defaultMs): Promise<PageDetails> {
    const look = () => this.#details.find((one) => one.triggerId === triggerId);
    return this.#waiting.until("a Work Object's details", look, timeoutMs, () => this.#story());
  }
  waitForStatus(
    channel: string,
    threadTs: string,
    fits: (status: PageStatus) => boolean,
    timeoutMs = defaultMs,
  ): Promise<PageStatus> {
    const look = () => {
      const status = this.#statuses.get(`${channel}:${threadTs}`);
      return status !== undefined && fits(status) ? status : undefined;
    };
    return this.#waiting.until("a status", look, timeoutMs, () => JSON.stringify([...this.#statuses.values()]));
  }

  // What a test sees and does behind the page.

  waitForCall(method: string, fits = (_: RecordedCall) => true, timeoutMs = defaultMs): Promise<RecordedCall> {
    const look = () => this.#calls.find((call) => call.method === method && fits(call));
    return this.#waiting.until(`a call of ${method}`, look, timeoutMs, () =>
      this.#calls
        .slice(-20)
        .map((call) => `${call.method} ${call.error ?? "ok"}`)
        .join("\n"),
    );
  }
  /** A call of any method that has come and is held by a fault. */
  waitForHeld(fits = (_: HeldCall) => true, times = 1, timeoutMs = defaultMs): Promise<HeldCall> {
    const look = () => this.#held.filter(fits)[times - 1];
    return this.#waiting.until("a held call", look, timeoutMs, () => JSON.stringify(this.#held));
  }
  waitForDelivery(fits: (delivery: Delivery) => boolean, timeoutMs = defaultMs): Promise<Delivery> {
    const look = () => this.#deliveries.find(fits);
    return this.#waiting.until("a delivery", look, timeoutMs, () => JSON.stringify(this.#deliveries.slice(-20)));
  }
  calls = async (method?: string) =>
    (await this.ask<{ calls: RecordedCall[] }>("/control/calls")).calls.filter(
      (call) => method === undefined || call.method === method,
    );
  clearCalls = async () => {
    await this.ask("/control/calls", { method: "DELETE" });
    this.#calls = [];
  };
  deliveries = () => this.ask<{ deliveries: Delivery[]; undelivered: number }>("/control/deliveries");
  clearDeliveries = async () => {
    await this.ask("/control/deliveries", { method: "DELETE" });
    this.#deliveries = [];
  };
  fault = (fault: FaultInput) => this.post("/control/faults", fault);
  clearFaults = () => this.ask("/control/faults", { method: "DELETE" });
  advance = (ms: number) => this.post("/control/clock", { ms });
  rates = (mode: RateMode) => this.post("/control/rates", { mode });
  sendEvent = (event: Fields) => this.post("/control/event", { event });
  /** A body exactly as given (say, one sent before), signed; with `retry` as Slack repeats it. */
  sendRaw = (body: string, retry?: { num: number; reason: string }) =>
    this.post("/control/event", { body, ...(retry === undefined ? {} : { retry }) });
  /** Registers commands, shortcuts or domains, or puts the workspace into a Grid organisation. */
  setup = (change: Partial<Setup>) => this.post("/control/setup", change);
  /** A workspace takes the app's tokens back, or removes the app; the app is told. */
  revokeTokens = (place = team.id) => this.post("/control/revoke", { place, uninstall: false });
  uninstall = (place = team.id) => this.post("/control/revoke", { place, uninstall: true });
  /** Tells the apps that are connected by Socket Mode to come again. */
  disconnectSockets = (reason: "warning" | "refresh_requested" | "link_disabled" = "refresh_requested") =>
    this.post("/control/sockets/disconnect", { reason });
  setMember = (channel: string, user: string, member: boolean) =>
    this.post("/control/members", { channel, user, member });
  reset = async () => {
    await this.post("/control/reset", {});
    await this.refresh();
  };

  /** Forgets what is known and reads it anew. */
  async refresh(): Promise<void> {
    const state = await this.ask<ControlState>("/control/state");
    this.#messages.clear();
    for (const message of state.messages) this.#messages.set(key(message), message);
    this.#statuses.clear();
    for (const status of state.statuses) this.#statuses.set(`${status.channel}:${status.threadTs}`, status);
    this.#whispers = state.whispers;
    this.#modals.clear();
    for (const { to, modal } of state.modals) this.#modals.set(to, modal);
    this.#homes.clear();
    this.#calls = state.calls;
    this.#deliveries = state.deliveries;
    this.#waiting.check();
  }

  #take(event: FeedEvent): void {
    if (event.type === "message") this.#messages.set(key(event.message), event.message);
    else if (event.type === "deleted") this.#messages.delete(key(event));
    else if (event.type === "status")
      this.#statuses.set(`${event.status.channel}:${event.status.threadTs}`, event.status);
    else if (event.type === "whisper") this.#whispers = [...this.#whispers.slice(-500), event];
    else if (event.type === "details-of") this.#details.push(event.details);
    else if (event.type === "home-of") this.#homes.set(event.to, event.blocks);
    else if (event.type === "modal-of") {
      if (event.modal === null) this.#modals.delete(event.to);
      else this.#modals.set(event.to, event.modal);
    } else if (event.type === "call") {
      this.#calls.push(event.call);
      const { strange, response } = event.call;
      // An error that a test has ordered comes without the reasons.
      const refused = event.call.error === "invalid_arguments" && response["response_metadata"] !== undefined;
      if (strange.length > 0 || refused) this.strange.push(event.call);
    } else if (event.type === "held") this.#held.push(event.held);
    else if (event.type === "delivery") this.#deliveries.push(event.delivery);
    this.#waiting.check();
  }

  #story(): string {
    const last = [...this.#messages.values()].slice(-12);
    return last
      .map(
        (one) =>
          `${one.channel} ${one.ts} ${one.user}${one.streaming ? " (streaming)" : ""}: ${shownText(one).slice(0, 300)}`,
      )
      .join("\n");
  }
}
