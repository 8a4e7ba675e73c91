import { randomUUID } from "node:crypto";
import { bounds } from "./limits.ts";

export interface ResponseHook {
  channel: string;
  user: string;
  messageTs: string;
  threadTs: string | null;
  ephemeral: boolean;
  uses: number;
  until: number;
}

function addBounded<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > bounds.hooks && oldest !== undefined) map.delete(oldest);
}

/** What an interaction hands out and what soon expires: response URLs and trigger ids. */
export class Hooks {
  readonly #patience: () => number;
  readonly #responses = new Map<string, ResponseHook>();
  readonly #triggers = new Map<string, { until: number; used: boolean; user: string; entity: string }>();

  constructor(patience: () => number) {
    this.#patience = patience;
  }

  openResponse(hook: Omit<ResponseHook, "uses" | "until">, now: number): string {
    const key = randomUUID().replaceAll("-", "");
    addBounded(this.#responses, key, { ...hook, uses: 0, until: now + bounds.responseUrl.ageMs });
    return key;
  }

  /** One use of it, or why not. */
  useResponse(key: string, now: number): ResponseHook | "expired_url" | "used_url" {
    const hook = this.#responses.get(key);
    if (hook === undefined || now > hook.until) return "expired_url";
    if (hook.uses >= bounds.responseUrl.uses) return "used_url";
    hook.uses += 1;
    return hook;
  }

  /** @param entity the id of the Work Object that was opened; "" for a press of another kind */
  openTrigger(user: string, now: number, entity = ""): string {
    const id = `${Math.floor(now)}.${randomUUID().replaceAll("-", "")}`;
    addBounded(this.#triggers, id, { until: now + bounds.triggerMs * this.#patience(), used: false, user, entity });
    return id;
  }

  /** The person who pressed, or Slack's error. */
  useTrigger(
    id: string,
    now: number,
  ): { user: string; entity: string } | "invalid_trigger_id" | "expired_trigger_id" | "exchanged_trigger_id" {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) return "invalid_trigger_id";
    if (trigger.used) return "exchanged_trigger_id";
    if (now > trigger.until) return "expired_trigger_id";
    trigger.used = true;
    return { user: trigger.user, entity: trigger.entity };
  }
}
