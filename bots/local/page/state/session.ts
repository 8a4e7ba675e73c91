import { api, type Api, Refused } from "./api.ts";
import { listen } from "./live.ts";
import { type Change, emptyModel, type Model, threadKey } from "./model.ts";
import { reduce } from "./reduce.ts";

/** The page as one person: the model, who listens to it, and what can be asked for. Effects are here and in `live.ts`. */
export interface Session {
  readonly me: string;
  readonly api: Api;
  model: () => Model;
  subscribe(listener: () => void): () => void;
  dispatch: (change: Change) => void;
  /** Loads what a view needs, once; a failure is shown as a toast. */
  needChannel: (channel: string) => void;
  needThread: (channel: string, ts: string) => void;
  needHome: () => void;
  toast: (text: string, tone?: "error" | "info") => void;
  close: () => void;
}

export const reasonOf = (thrown: unknown): string =>
  thrown instanceof Refused ? thrown.message : "Something went wrong in the page.";

const toastMs = 6_000;

export function openSession(me: string): Session {
  let model = emptyModel(me);
  let toasts = 0;
  const listeners = new Set<() => void>();
  const calls = api(me);
  /** What each running load must hear again: events that came between its question and its answer. */
  const running = new Set<Change[]>();
  const wanted = { channels: new Set<string>(), threads: new Map<string, [string, string]>(), home: false };

  const dispatch = (change: Change) => {
    if (change.type === "page") for (const missed of running) missed.push(change);
    model = reduce(model, change);
    for (const listener of listeners) listener();
  };
  const toast = (text: string, tone: "error" | "info" = "error") => {
    toasts += 1;
    const id = toasts;
    dispatch({ type: "toast", toast: { id, text, tone } });
    setTimeout(() => dispatch({ type: "untoast", id }), toastMs);
  };
  const load = async (work: () => Promise<Change>): Promise<boolean> => {
    const missed: Change[] = [];
    running.add(missed);
    try {
      const change = await work();
      running.delete(missed);
      model = reduce(model, change);
      for (const late of missed) model = reduce(model, late);
      dispatch({ type: "link", link: model.link });
      return true;
    } catch (thrown) {
      running.delete(missed);
      if (model.state === null) dispatch({ type: "failed", reason: reasonOf(thrown) });
      else toast(reasonOf(thrown));
      return false;
    }
  };
  const loadState = () => load(async () => ({ type: "state", state: await calls.state() }));
  const loadChannel = (channel: string) =>
    load(async () => ({ type: "channel", channel, messages: await calls.messages(channel) }));
  const loadThread = (channel: string, ts: string) =>
    load(async () => ({ type: "thread", channel, ts, messages: await calls.thread(channel, ts) }));
  const loadHome = () => load(async () => ({ type: "home", blocks: await calls.home() }));

  /** After a break everything that is on show is fetched anew. */
  const refresh = async () => {
    if (!(await loadState())) return;
    dispatch({ type: "link", link: "live" });
    await Promise.all([
      ...[...wanted.channels].map(loadChannel),
      ...[...wanted.threads.values()].map(([channel, ts]) => loadThread(channel, ts)),
      ...(wanted.home ? [loadHome()] : []),
    ]);
  };
  const end = listen(me, {
    opened: () => void refresh(),
    event: (event) => dispatch({ type: "page", event }),
    lost: () => dispatch({ type: "link", link: "lost" }),
  });

  return {
    me,
    api: calls,
    model: () => model,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch,
    toast,
    needChannel: (channel) => {
      if (wanted.channels.has(channel)) return;
      wanted.channels.add(channel);
      if (model.state !== null) void loadChannel(channel);
    },
    needThread: (channel, ts) => {
      const key = threadKey(channel, ts);
      if (wanted.threads.has(key)) return;
      wanted.threads.set(key, [channel, ts]);
      if (model.state !== null) void loadThread(channel, ts);
    },
    needHome: () => {
      wanted.home = true;
      void loadHome();
    },
    close: end,
  };
}
