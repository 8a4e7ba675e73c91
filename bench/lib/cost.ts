import { z } from "zod";
import type { Deckhand } from "../../test/harness/deckhand.ts";

const Meter = z.record(z.string(), z.object({ rowsRead: z.number(), rowsWritten: z.number(), alarmsSet: z.number() }));

/** What Deckhand has used so far: rows and alarms of every object, and time of the processor in workerd. */
export interface Cost {
  rowsRead: number;
  rowsWritten: number;
  alarmsSet: number;
  cpuMs: number;
}

export async function costSoFar({ workerUrl, workerds }: Pick<Deckhand, "workerUrl" | "workerds">): Promise<Cost> {
  const meter = Meter.parse(await (await fetch(`${workerUrl}/local/meter`)).json());
  const sum = (of: "rowsRead" | "rowsWritten" | "alarmsSet") =>
    Object.values(meter).reduce((all, one) => all + one[of], 0);
  return {
    rowsRead: sum("rowsRead"),
    // A set alarm is a row written (https://developers.cloudflare.com/durable-objects/platform/pricing/).
    rowsWritten: sum("rowsWritten") + sum("alarmsSet"),
    alarmsSet: sum("alarmsSet"),
    cpuMs: workerds.reduce((all, one) => all + one.cpuMs, 0),
  };
}

/** Pure: what came to it in between. */
export const costBetween = (before: Cost, after: Cost): Cost => ({
  rowsRead: after.rowsRead - before.rowsRead,
  rowsWritten: after.rowsWritten - before.rowsWritten,
  alarmsSet: after.alarmsSet - before.alarmsSet,
  cpuMs: after.cpuMs - before.cpuMs,
});
