import type { PageMessage } from "../../workspace/page-api.ts";
import { dayKey, stampMs } from "./time.ts";

/** A row of the list: a line for the day, or a message. `lead` has avatar and name; the ones after it share them. */
export type Row =
  | { kind: "day"; key: string; ms: number }
  | { kind: "message"; key: string; message: PageMessage; lead: boolean };

/** Messages of one author stay together while they come within this time. */
const togetherMs = 5 * 60 * 1000;

export function group(messages: readonly PageMessage[], timeZone?: string): Row[] {
  const rows: Row[] = [];
  let before: PageMessage | null = null;
  let day = "";
  for (const message of messages) {
    const ms = stampMs(message.ts);
    const today = dayKey(ms, timeZone);
    const newDay = today !== day;
    if (newDay) rows.push({ kind: "day", key: `day-${today}`, ms });
    const lead =
      newDay ||
      before === null ||
      before.user !== message.user ||
      before.ephemeral !== message.ephemeral ||
      ms - stampMs(before.ts) > togetherMs;
    rows.push({ kind: "message", key: message.ts, message, lead });
    before = message;
    day = today;
  }
  return rows;
}
