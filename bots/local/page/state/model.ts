import type { PageDetails, PageEvent, PageMessage, PageState } from "../../workspace/page-api.ts";

/** Whether changes arrive: `lost` while the page tries again. */
export type Link = "connecting" | "live" | "lost";

export interface Toast {
  id: number;
  text: string;
  tone: "error" | "info";
}

/** All that the page knows. It is replaced, never changed, so a part that stayed the same is the same object. */
export interface Model {
  me: string;
  link: Link;
  state: PageState | null;
  /** Why the first load failed; null while it has not. */
  failure: string | null;
  /** Top-level messages by channel, oldest first; absent until loaded. */
  channels: Readonly<Record<string, readonly PageMessage[]>>;
  /** Messages of a thread by {@link threadKey}, root first; absent until loaded. */
  threads: Readonly<Record<string, readonly PageMessage[]>>;
  home: { loaded: boolean; blocks: readonly unknown[] | null };
  toasts: readonly Toast[];
  /** The Work Object that is looked at; `details` once the app has said more. */
  opened: OpenedEntity | null;
  /** The details that came last: they may be faster than the answer that says which they are. */
  lastDetails: PageDetails | null;
}

export interface OpenedEntity {
  triggerId: string;
  entity: unknown;
  details: PageDetails | null;
}

export type Change =
  | { type: "page"; event: PageEvent }
  | { type: "state"; state: PageState }
  | { type: "channel"; channel: string; messages: readonly PageMessage[] }
  | { type: "thread"; channel: string; ts: string; messages: readonly PageMessage[] }
  | { type: "home"; blocks: readonly unknown[] | null }
  | { type: "link"; link: Link }
  | { type: "failed"; reason: string }
  | { type: "reset"; me: string }
  | { type: "read"; channel: string }
  | { type: "details"; opened: OpenedEntity | null }
  | { type: "toast"; toast: Toast }
  | { type: "untoast"; id: number };

export const threadKey = (channel: string, ts: string): string => `${channel}/${ts}`;

export const emptyModel = (me: string): Model => ({
  me,
  link: "connecting",
  state: null,
  failure: null,
  channels: {},
  threads: {},
  home: { loaded: false, blocks: null },
  toasts: [],
  opened: null,
  lastDetails: null,
});
