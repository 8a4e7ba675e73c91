import type { PageMessage, PageModal, PageState } from "./page-api.ts";
import { buttonsIn, givenOf, shownButtons, type Filled } from "./shown.ts";

export interface SayOptions {
  /** The root under which to answer. */
  threadTs?: string;
  files?: { name: string; bytes: Uint8Array | string; type?: string }[];
}
export interface InstallChoice {
  as?: string;
  place?: string;
  decision?: "allow" | "deny";
}
export type Done = { ok: true } | { ok: false; error: string };
/** `errors` are shown beside the fields, by block id; none: the modal was taken. */
export type SubmitDone = { ok: true; errors: Record<string, string> } | { ok: false; error: string };

/** Someone who may look into the channel. */
const reader = (channel: string): string => (channel.startsWith("D") ? `U${channel.slice(1)}` : "U0ADA");

/** What people do and look at in a running local workspace, by the page's own API. */
export abstract class PeopleClient {
  readonly url: string;

  protected constructor(url: string) {
    this.url = url;
  }

  abstract waitForModal(as: string): Promise<PageModal>;
  /** The blocks of the person's Home, whether or not the app was told that it is open. */
  protected abstract shownHome(as: string): Promise<unknown[]>;

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
    const answer = await this.ask<{ ts: string }>("/local/messages", { method: "POST", body: form });
    return answer.ts;
  }

  edit = (as: string, channel: string, ts: string, text: string) =>
    this.post("/local/messages/edit", { as, channel, ts, text });
  delete = (as: string, channel: string, ts: string) => this.post("/local/messages/delete", { as, channel, ts });
  stop = (as: string, channel: string, threadTs: string) =>
    this.post("/local/stop", { as, channel, thread_ts: threadTs });
  /** Puts a reaction on a message, or takes it away. */
  react = (as: string, message: { channel: string; ts: string }, name: string, on = true) =>
    this.post("/local/reactions", { as, channel: message.channel, ts: message.ts, name, on });
  /** Opens a Work Object of a message; gives the trigger that its details must name. */
  openEntity = async (as: string, message: { channel: string; ts: string }, url: string): Promise<string> => {
    const body = JSON.stringify({ as, channel: message.channel, ts: message.ts, url });
    return (await this.ask<{ triggerId: string }>("/local/entities", { method: "POST", body })).triggerId;
  };
  /** Gives the session of a thread another title, as a person can. */
  rename = (as: string, channel: string, threadTs: string, title: string) =>
    this.post("/local/title", { as, channel, thread_ts: threadTs, title });
  /**
   * Goes through the page on which an app asks to be installed: `authorizeUrl` is where the app sent the person, `place`
   * the workspace or organisation. Gives the address the person is sent back to, with its code and state.
   */
  async oauthInstall(authorizeUrl: string, choice: InstallChoice = {}): Promise<URL> {
    const url = new URL(authorizeUrl);
    const shown = await fetch(url);
    if (!shown.ok) throw new Error(`${url.pathname} answered ${shown.status}: ${await shown.text()}`);
    const { as = "U0ADA", place = "T0LOCAL", decision = "allow" } = choice;
    const body = new URLSearchParams({ ...Object.fromEntries(url.searchParams), as, place, decision });
    const answer = await fetch(new URL(url.pathname, url), { method: "POST", body, redirect: "manual" });
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`${url.pathname} answered ${answer.status}: ${await answer.text()}`);
    return new URL(location);
  }
  command = (as: string, channel: string, command: string, text = "") =>
    this.post("/local/commands", { as, channel, command, text });

  /** Presses the button whose action id or label is `button`. A refusal is given back, not thrown. */
  async press(as: string, message: PageMessage, button: string, value?: string): Promise<Done> {
    const found = shownButtons(message).find((one) => one.actionId === button || one.label === button);
    return this.attempt("/local/actions", {
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
    this.attempt("/local/shortcuts", {
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
    return this.attempt("/local/views/submit", { as, view_id: modal.id, values: givenOf(modal.blocks, values) });
  }
  /** Closes the uppermost modal, or all of the stack. */
  async closeView(as: string, all = false): Promise<Done> {
    return this.attempt("/local/views/close", { as, view_id: (await this.#top(as)).id, all });
  }
  /** Presses an element, by action id or label, of the person's uppermost modal. */
  async pressInView(as: string, button: string, value?: string, values: Filled = {}): Promise<Done> {
    const modal = await this.#top(as);
    return this.#pressView(as, modal.id, modal.blocks, button, value, values);
  }
  /** Presses an element of the person's Home. */
  async pressInHome(as: string, button: string, value?: string): Promise<Done> {
    return this.#pressView(as, "home", await this.shownHome(as), button, value, {});
  }
  /** What is told by events may lag behind; what is asked for does not. */
  async #top(as: string): Promise<PageModal> {
    return (await this.state(as)).modal ?? (await this.waitForModal(as));
  }
  #pressView(as: string, viewId: string, blocks: unknown[], button: string, value: string | undefined, values: Filled) {
    const found = buttonsIn(blocks).find((one) => one.actionId === button || one.label === button);
    return this.attempt("/local/actions", {
      as,
      view_id: viewId,
      block_id: found?.blockId ?? "",
      action_id: found?.actionId ?? button,
      values: givenOf(blocks, values),
      ...(value === undefined ? {} : { value }),
    });
  }

  // What people see.

  state = (as: string) => this.ask<PageState>(`/local/state?as=${as}`);
  /** Opens Home: the app is told. */
  openHome = (as: string) => this.home(as);
  home = async (as: string) => (await this.ask<{ blocks: unknown[] | null }>(`/local/home?as=${as}`)).blocks;

  /** Root first. */
  async thread(channel: string, ts: string, as = reader(channel)): Promise<PageMessage[]> {
    return (await this.ask<{ messages: PageMessage[] }>(`/local/channels/${channel}/threads/${ts}?as=${as}`)).messages;
  }
  async channel(channel: string, as = reader(channel)): Promise<PageMessage[]> {
    return (await this.ask<{ messages: PageMessage[] }>(`/local/channels/${channel}/messages?as=${as}`)).messages;
  }
  async download(message: PageMessage, name: string): Promise<Uint8Array> {
    const file = message.files.find((one) => one.name === name);
    if (file === undefined) throw new Error(`The message has no file ${name}.`);
    return new Uint8Array(await (await fetch(this.url + file.url)).arrayBuffer());
  }

  protected async ask<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  /** A refusal is given back, not thrown. */
  protected async attempt<T extends Done | SubmitDone>(path: string, body: unknown): Promise<T> {
    const response = await fetch(this.url + path, { method: "POST", body: JSON.stringify(body) });
    const done: T = await response.json();
    return done;
  }
  protected async post(path: string, body: unknown): Promise<void> {
    await this.ask(path, { method: "POST", body: JSON.stringify(body) });
  }
}
