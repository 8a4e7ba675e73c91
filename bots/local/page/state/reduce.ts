import type { PageEvent, PageMessage, PageState, PageStatus } from "../../workspace/page-api.ts";
import { type Change, emptyModel, type Model, threadKey } from "./model.ts";
import { stampMs } from "./time.ts";

/** Bounds of what is kept in the page; older messages are one reload away. */
export const keep = { messages: 2_000, toasts: 4 };

/** Model and change in, model out. An event about what was not loaded changes nothing: loading will bring it. */
export function reduce(model: Model, change: Change): Model {
  switch (change.type) {
    case "page":
      return onEvent(model, change.event);
    case "state":
      return { ...model, state: change.state, failure: null };
    case "channel":
      return { ...model, channels: { ...model.channels, [change.channel]: change.messages } };
    case "thread":
      return { ...model, threads: { ...model.threads, [threadKey(change.channel, change.ts)]: change.messages } };
    case "home":
      return { ...model, home: { loaded: true, blocks: change.blocks } };
    case "link":
      return model.link === change.link ? model : { ...model, link: change.link };
    case "failed":
      return { ...model, failure: change.reason };
    case "reset":
      return emptyModel(change.me);
    case "read":
      return withState(model, (state) => ({
        ...state,
        channels: state.channels.map((c) => (c.id === change.channel && c.unread > 0 ? { ...c, unread: 0 } : c)),
      }));
    case "details":
      return withDetails({ ...model, opened: change.opened });
    case "toast":
      return { ...model, toasts: [...model.toasts, change.toast].slice(-keep.toasts) };
    case "untoast":
      return { ...model, toasts: model.toasts.filter((toast) => toast.id !== change.id) };
  }
}

function onEvent(model: Model, event: PageEvent): Model {
  switch (event.type) {
    case "message":
      return onMessage(model, event.message);
    case "deleted":
      return onDeleted(model, event.channel, event.ts);
    case "status":
      return withState(model, (state) => ({ ...state, statuses: withStatus(state.statuses, event.status) }));
    case "channels":
      return withState(model, (state) => ({ ...state, channels: event.channels }));
    case "features":
      return withState(model, (state) => ({ ...state, features: event.features }));
    case "worker":
      return withState(model, (state) => ({ ...state, away: event.away }));
    case "home":
      return { ...model, home: { loaded: true, blocks: event.blocks } };
    case "details":
      return withDetails({ ...model, lastDetails: event.details });
    case "modal":
      return withState(model, (state) => ({ ...state, modal: event.modal }));
  }
}

/** Details belong to what is looked at; what comes for something else is kept until that is opened, or forgotten. */
function withDetails(model: Model): Model {
  const { opened, lastDetails } = model;
  if (opened === null || opened.triggerId !== lastDetails?.triggerId) return model;
  return { ...model, opened: { ...opened, details: lastDetails } };
}

const withState = (model: Model, change: (state: PageState) => PageState): Model =>
  model.state === null ? model : { ...model, state: change(model.state) };

const withStatus = (statuses: readonly PageStatus[], status: PageStatus): PageStatus[] => [
  ...statuses.filter((s) => s.channel !== status.channel || s.threadTs !== status.threadTs),
  status,
];

/** Slack leaves `thread_ts` off a root without replies and sets it to the root's own stamp afterwards. */
export const isRoot = (message: PageMessage): boolean => message.threadTs === null || message.threadTs === message.ts;

function onMessage(model: Model, message: PageMessage): Model {
  let next = model;
  const top = model.channels[message.channel];
  if ((isRoot(message) || message.broadcast === true) && top !== undefined) {
    next = { ...next, channels: { ...next.channels, [message.channel]: upsert(top, message) } };
  }
  const key = threadKey(message.channel, message.threadTs ?? message.ts);
  const thread = model.threads[key];
  if (thread !== undefined) next = { ...next, threads: { ...next.threads, [key]: upsert(thread, message) } };
  return next;
}

/** Stamps sort by number, not by letters: "9.1" stands before "10.1". */
const before = (a: PageMessage, b: PageMessage): number => stampMs(a.ts) - stampMs(b.ts) || (a.ts < b.ts ? -1 : 1);

function upsert(messages: readonly PageMessage[], message: PageMessage): readonly PageMessage[] {
  const index = messages.findIndex((m) => m.ts === message.ts && m.ephemeral === message.ephemeral);
  if (index >= 0) return messages.with(index, message);
  return [...messages, message].sort(before).slice(-keep.messages);
}

function onDeleted(model: Model, channel: string, ts: string): Model {
  const without = (messages: readonly PageMessage[]) =>
    messages.some((m) => m.ts === ts) ? messages.filter((m) => m.ts !== ts) : messages;
  const top = model.channels[channel];
  const prefix = `${channel}/`;
  return {
    ...model,
    channels: top === undefined ? model.channels : { ...model.channels, [channel]: without(top) },
    threads: Object.fromEntries(
      Object.entries(model.threads).map(([key, list]) => [key, key.startsWith(prefix) ? without(list) : list]),
    ),
  };
}
