import { describe, expect, it } from "vitest";
import type { PageMessage, PageState } from "../../workspace/page-api.ts";
import { emptyModel, type Change, type Model } from "./model.ts";
import { keep, reduce } from "./reduce.ts";

const message = (over: Partial<PageMessage>): PageMessage => ({
  channel: "C1",
  ts: "10.1",
  threadTs: null,
  user: "U1",
  text: "",
  blocks: [],
  segments: [],
  streaming: false,
  files: [],
  edited: false,
  replyCount: 0,
  lastReply: null,
  ephemeral: false,
  ...over,
});
const state: PageState = {
  team: { id: "T1", name: "Team" },
  people: [],
  channels: [{ id: "C1", name: "general", kind: "channel", members: [], unread: 2 }],
  statuses: [],
  features: [],
  traceUrl: null,
};
const after = (...changes: Change[]): Model => changes.reduce(reduce, emptyModel("U1"));
const event = (m: Partial<PageMessage>): Change => ({ type: "page", event: { type: "message", message: message(m) } });
const loaded: Change = { type: "channel", channel: "C1", messages: [message({ ts: "9.1" })] };
const stamps = (list: readonly PageMessage[] | undefined) => list?.map((m) => m.ts);

it("that the Worker is away, and back, is known", () => {
  const told = (away: boolean): Change => ({ type: "page", event: { type: "worker", away } });
  const first: Change = { type: "state", state };
  expect(after(first, told(true)).state?.away).toBe(true);
  expect(after(first, told(true), told(false)).state?.away).toBe(false);
});

describe("messages", () => {
  it("a new message stands in its place by number", () => {
    expect(stamps(after(loaded, event({ ts: "11.1" }), event({ ts: "10.1" })).channels["C1"])).toEqual([
      "9.1",
      "10.1",
      "11.1",
    ]);
  });

  it("a reply stands in the channel only when it was sent there too", () => {
    const both = after(
      loaded,
      event({ ts: "10.1", threadTs: "9.1" }),
      event({ ts: "11.1", threadTs: "9.1", broadcast: true }),
    );
    expect(stamps(both.channels["C1"])).toEqual(["9.1", "11.1"]);
  });

  it("the same stamp replaces, and the others stay the same objects", () => {
    const one = after(loaded, event({ ts: "10.1" }));
    const two = reduce(one, event({ ts: "10.1", text: "more" }));
    expect(two.channels["C1"]?.[1]?.text).toBe("more");
    expect(two.channels["C1"]?.[0]).toBe(one.channels["C1"]?.[0]);
    expect(two.channels["C1"]).toHaveLength(2);
  });

  it("a reply goes into its thread only, a root into both", () => {
    const thread: Change = { type: "thread", channel: "C1", ts: "9.1", messages: [message({ ts: "9.1" })] };
    const model = after(
      loaded,
      thread,
      event({ ts: "12.1", threadTs: "9.1" }),
      event({ ts: "9.1", threadTs: "9.1", replyCount: 1 }),
    );
    expect(stamps(model.channels["C1"])).toEqual(["9.1"]);
    expect(stamps(model.threads["C1/9.1"])).toEqual(["9.1", "12.1"]);
    expect(model.channels["C1"]?.[0]?.replyCount).toBe(1);
    expect(model.threads["C1/9.1"]?.[0]?.replyCount).toBe(1);
  });

  it("what was not loaded stays not loaded", () => {
    const model = after(event({ ts: "12.1" }), event({ ts: "13.1", threadTs: "12.1" }));
    expect(model.channels).toEqual({});
    expect(model.threads).toEqual({});
  });

  it("a deleted message leaves channel and thread, in its channel only", () => {
    const thread: Change = { type: "thread", channel: "C1", ts: "9.1", messages: [message({ ts: "9.1" })] };
    const model = after(loaded, thread, { type: "page", event: { type: "deleted", channel: "C1", ts: "9.1" } });
    expect(model.channels["C1"]).toEqual([]);
    expect(model.threads["C1/9.1"]).toEqual([]);
    const other = after(loaded, { type: "page", event: { type: "deleted", channel: "C2", ts: "9.1" } });
    expect(other.channels["C1"]).toHaveLength(1);
  });

  it("a private message does not replace the message with its stamp", () => {
    const model = after(loaded, event({ ts: "9.1", ephemeral: true }));
    expect(model.channels["C1"]?.map((m) => m.ephemeral)).toEqual([false, true]);
  });

  it("no more than the bound is kept, the newest", () => {
    const many = Array.from({ length: keep.messages }, (_, i) => message({ ts: `${i + 1}.1` }));
    const model = after({ type: "channel", channel: "C1", messages: many }, event({ ts: "99999.1" }));
    expect(model.channels["C1"]).toHaveLength(keep.messages);
    expect(model.channels["C1"]?.at(-1)?.ts).toBe("99999.1");
  });
});

describe("the rest of the state", () => {
  const status = {
    channel: "C1",
    threadTs: "9.1",
    session: "processing",
    status: "a",
    loadingMessages: [],
    title: "",
  } as const;
  const say = (over: object): Change => ({
    type: "page",
    event: { type: "status", status: { ...status, loadingMessages: [], ...over } },
  });

  it("a status replaces that of its thread and no other", () => {
    const model = after({ type: "state", state }, say({}), say({ threadTs: "8.1" }), say({ status: "b" }));
    expect(model.state?.statuses.map((s) => [s.threadTs, s.status])).toEqual([
      ["8.1", "a"],
      ["9.1", "b"],
    ]);
  });

  it("details are shown with what was opened, whichever comes first, and not with anything else", () => {
    const opened = { triggerId: "1", entity: {}, details: null };
    const details = { triggerId: "1", entity: { a: 1 }, error: null, authUrl: null };
    const open: Change = { type: "details", opened };
    const told: Change = { type: "page", event: { type: "details", details } };
    expect(after(open, told).opened?.details).toEqual(details);
    expect(after(told, open).opened?.details).toEqual(details);
    const other: Change = { type: "page", event: { type: "details", details: { ...details, triggerId: "2" } } };
    expect(after(open, other).opened?.details).toBeNull();
  });

  it("a modal comes and goes", () => {
    const modal = { id: "V1", hash: "1", title: "T", submit: null, close: "Close", blocks: [], depth: 0 };
    const shown = after({ type: "state", state }, { type: "page", event: { type: "modal", modal } });
    expect(shown.state?.modal).toEqual(modal);
    expect(reduce(shown, { type: "page", event: { type: "modal", modal: null } }).state?.modal).toBeNull();
  });

  it("a channel that was read has nothing unread", () => {
    const model = after({ type: "state", state }, { type: "read", channel: "C1" });
    expect(model.state?.channels[0]?.unread).toBe(0);
  });

  it("toasts are bounded and can be dismissed", () => {
    const toast = (id: number): Change => ({ type: "toast", toast: { id, text: "x", tone: "error" } });
    const model = after(toast(1), toast(2), toast(3), toast(4), toast(5), { type: "untoast", id: 4 });
    expect(model.toasts.map((t) => t.id)).toEqual([2, 3, 5]);
  });

  it("another person starts from nothing", () => {
    expect(after({ type: "state", state }, loaded, { type: "reset", me: "U2" })).toEqual(emptyModel("U2"));
  });
});
