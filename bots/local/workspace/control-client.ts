import { readEvents } from "./event-source.ts";
import type { ControlState } from "./control.ts";
import type { FaultInput } from "./faults.ts";
import type { FeedEvent } from "./feed.ts";
import type { Fields } from "./json.ts";
import type { Delivery } from "./outbox.ts";
import type { PageMessage, PageModal, PageState, PageStatus } from "./page-api.ts";
import type { RateMode } from "./rates.ts";
import { app } from "./seed.ts";
import type { Setup } from "./setup.ts";
import { buttonsIn, givenOf, shownButtons, shownText, type Filled } from "./shown.ts";
import { Waiting } from "./waiting.ts";
import type { RecordedCall } from "./web-api.ts";

export { shownButtons, shownText } from "./shown.ts";

export interface SayOptions {
  /** The root under which to answer. */
  threadTs?: string;
  files?: { name: string; bytes: Uint8Array | string; type?: string }[];
}
export type Done = { ok: true } | { ok: false; error: string };
/** `errors` are shown beside the fields, by block id; none: the modal was taken. */
export type SubmitDone = { ok: true; errors: Record<string, string> } | { ok: false; error: string };

const defaultMs = 15_000;
const key = (message: { channel: string; ts: string }): string => `${message.channel}:${message.ts}`;
/** Someone who may look into the channel. */
const reader = (channel: string): string => (channel.startsWith("D") ? `U${channel.slice(1)}` : "U0ADA");

/**
 * A person, and the hand of a test, at a running local workspace. Waits are for what has happened already or will.
 * @example
 *   await using slack = await WorkspaceClient.connect(workspace.url);
 *   const ts = await slack.say("U0ADA", "C0GENERAL", "@Deckhand hello");
 *   const answer = await slack.waitForReply("C0GENERAL", ts);
 */
export class WorkspaceClient implements AsyncDisposable {
  readonly url: string;
  readonly #closing = new AbortController();
  readonly #waiting = new Waiting();
  readonly #messages = new Map<string, PageMessage>();
  readonly #statuses = new Map<string, PageStatus>();
  #whispers: { to: string; message: PageMessage }[] = [];
  readonly #modals = new Map<string, PageModal>();
  readonly #homes = new Map<string, unknown[]>();
  #calls: RecordedCall[] = [];
  #deliveries: Delivery[] = [];
  #reading: Promise<void> = Promise.resolve();

  private constructor(url: string) {
    this.url = url;
  }

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

  // What people do.

  /** Sends a message as a person; `@Name` is a mention. Gives its stamp. */
  async say(as: string, channel: string, text: string, options: SayOptions = {}): Promise<string> {
    const form = new FormData();
    const fields = { as, channel, text, ...(options.threadTs === undefined ? {} : { thread_ts: options.threadTs }) };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    for (const file of options.files ?? []) {
      const bytes = typeof file.bytes === "string" ? file.bytes : new Uint8Array(file.bytes);
      form.append("file", new File([bytes], file.name, { type: file.type ?? "" }));
    }
    const answer = await this.#ask<{ ts: string }>("/local/messages", { method: "POST", body: form });
    return answer.ts;
  }

  edit = (as: string, channel: string, ts: string, text: string) =>
    this.#post("/local/messages/edit", { as, channel, ts, text });
  delete = (as: string, channel: string, ts: string) => this.#post("/local/messages/delete", { as, channel, ts });
  stop = (as: string, channel: string, threadTs: string) =>
    this.#post("/local/stop", { as, channel, thread_ts: threadTs });
  command = (as: string, channel: string, command: string, text = "") =>
    this.#post("/local/commands", { as, channel, command, text });

  /** Presses the button whose action id or label is `button`. A refusal is given back, not thrown. */
  async press(as: string, message: PageMessage, button: string, value?: string): Promise<Done> {
    const found = shownButtons(message).find((one) => one.actionId === button || one.label === button);
    return this.#try("/local/actions", {
      as,
      channel: message.channel,
      message_ts: message.ts,
      block_id: found?.blockId ?? "",
      action_id: found?.actionId ?? button,
      ...(value === undefined ? {} : { value }),
    });
  }

  /** A shortcut of a message's menu, or, without a message, a global one. */
  shortcut = (as: string, callbackId: string, message?: { channel: string; ts: string }) =>
    this.#try("/local/shortcuts", {
      as,
      callback_id: callbackId,
      ...(message === undefined ? {} : { channel: message.channel, message_ts: message.ts }),
    });

  /**
   * Presses Submit of the person's uppermost modal; `values` by the inputs' action or block ids. What the modal's own
   * fields or the app refuse comes back as `errors` by block id.
   */
  async submitView(as: string, values: Filled = {}): Promise<SubmitDone> {
    const modal = await this.#top(as);
    return this.#try("/local/views/submit", { as, view_id: modal.id, values: givenOf(modal.blocks, values) });
  }
  /** Closes the uppermost modal, or all of the stack. */
  async closeView(as: string, all = false): Promise<Done> {
    return this.#try("/local/views/close", { as, view_id: (await this.#top(as)).id, all });
  }
  /** Presses an element, by action id or label, of the person's uppermost modal. */
  async pressInView(as: string, button: string, value?: string, values: Filled = {}): Promise<Done> {
    const modal = await this.#top(as);
    return this.#pressView(as, modal.id, modal.blocks, button, value, values);
  }
  /** Presses an element of the person's Home. */
  async pressInHome(as: string, button: string, value?: string): Promise<Done> {
    return this.#pressView(as, "home", this.#homes.get(as) ?? (await this.home(as)) ?? [], button, value, {});
  }
  /** What is told by events may lag behind; what is asked for does not. */
  async #top(as: string): Promise<PageModal> {
    return (await this.state(as)).modal ?? (await this.waitForModal(as));
  }
  #pressView(as: string, viewId: string, blocks: unknown[], button: string, value: string | undefined, values: Filled) {
    const found = buttonsIn(blocks).find((one) => one.actionId === button || one.label === button);
    return this.#try("/local/actions", {
      as,
      view_id: viewId,
      block_id: found?.blockId ?? "",
      action_id: found?.actionId ?? button,
      values: givenOf(blocks, values),
      ...(value === undefined ? {} : { value }),
    });
  }

  // What people see.

  state = (as: string) => this.#ask<PageState>(`/local/state?as=${as}`);
  /** Opens Home: the app is told. */
  openHome = (as: string) => this.home(as);
  home = async (as: string) => (await this.#ask<{ blocks: unknown[] | null }>(`/local/home?as=${as}`)).blocks;

  /** Root first. */
  async thread(channel: string, ts: string, as = reader(channel)): Promise<PageMessage[]> {
    return (await this.#ask<{ messages: PageMessage[] }>(`/local/channels/${channel}/threads/${ts}?as=${as}`)).messages;
  }
  async channel(channel: string, as = reader(channel)): Promise<PageMessage[]> {
    return (await this.#ask<{ messages: PageMessage[] }>(`/local/channels/${channel}/messages?as=${as}`)).messages;
  }
  async download(message: PageMessage, name: string): Promise<Uint8Array> {
    const file = message.files.find((one) => one.name === name);
    if (file === undefined) throw new Error(`The message has no file ${name}.`);
    return new Uint8Array(await (await fetch(this.url + file.url)).arrayBuffer());
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
  waitForDelivery(fits: (delivery: Delivery) => boolean, timeoutMs = defaultMs): Promise<Delivery> {
    const look = () => this.#deliveries.find(fits);
    return this.#waiting.until("a delivery", look, timeoutMs, () => JSON.stringify(this.#deliveries.slice(-20)));
  }
  calls = async (method?: string) =>
    (await this.#ask<{ calls: RecordedCall[] }>("/control/calls")).calls.filter(
      (call) => method === undefined || call.method === method,
    );
  clearCalls = async () => {
    await this.#ask("/control/calls", { method: "DELETE" });
    this.#calls = [];
  };
  deliveries = () => this.#ask<{ deliveries: Delivery[]; undelivered: number }>("/control/deliveries");
  clearDeliveries = async () => {
    await this.#ask("/control/deliveries", { method: "DELETE" });
    this.#deliveries = [];
  };
  fault = (fault: FaultInput) => this.#post("/control/faults", fault);
  clearFaults = () => this.#ask("/control/faults", { method: "DELETE" });
  advance = (ms: number) => this.#post("/control/clock", { ms });
  rates = (mode: RateMode) => this.#post("/control/rates", { mode });
  sendEvent = (event: Fields) => this.#post("/control/event", { event });
  /** A body exactly as given (say, one sent before), signed; with `retry` as Slack repeats it. */
  sendRaw = (body: string, retry?: { num: number; reason: string }) =>
    this.#post("/control/event", { body, ...(retry === undefined ? {} : { retry }) });
  /** Registers commands, shortcuts or domains, or puts the workspace into a Grid organisation. */
  setup = (change: Partial<Setup>) => this.#post("/control/setup", change);
  setMember = (channel: string, user: string, member: boolean) =>
    this.#post("/control/members", { channel, user, member });
  reset = async () => {
    await this.#post("/control/reset", {});
    await this.refresh();
  };

  /** Forgets what is known and reads it anew. */
  async refresh(): Promise<void> {
    const state = await this.#ask<ControlState>("/control/state");
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
    else if (event.type === "home-of") this.#homes.set(event.to, event.blocks);
    else if (event.type === "modal-of") {
      if (event.modal === null) this.#modals.delete(event.to);
      else this.#modals.set(event.to, event.modal);
    } else if (event.type === "call") this.#calls.push(event.call);
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

  async #ask<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  /** A refusal is given back, not thrown. */
  async #try<T extends Done | SubmitDone>(path: string, body: unknown): Promise<T> {
    const response = await fetch(this.url + path, { method: "POST", body: JSON.stringify(body) });
    const done: T = await response.json();
    return done;
  }
  async #post(path: string, body: unknown): Promise<void> {
    await this.#ask(path, { method: "POST", body: JSON.stringify(body) });
  }
}
