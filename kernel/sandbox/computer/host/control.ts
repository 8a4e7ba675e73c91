import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { limits } from "../../../limits.ts";
import { log } from "../../../log.ts";
import type { Boxes } from "./boxes.ts";
import { TooManyRunning } from "./boxes.ts";
import { FoldersFull } from "./folders.ts";
import { EgressRequest, StartRequest, WorkerRequest } from "./wire.ts";

export interface Answer {
  status: number;
  body: unknown;
}

class BadRequest extends Error {}

async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.jail.maxControlBytes) throw new BadRequest("the request is too large");
    chunks.push(chunk);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new BadRequest("the body is not JSON");
  }
  const read = schema.safeParse(json);
  if (!read.success)
    throw new BadRequest(read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
  return read.data;
}

/** Waits until a box ends, for one poll's time; null when it still runs then. */
async function ended(boxes: Boxes, id: string, request: IncomingMessage): Promise<Answer> {
  const jail = boxes.jail(id);
  if (jail) {
    const late = new Promise<null>((done) => {
      const timer = setTimeout(done, limits.jail.monitorMs, null);
      void jail.ended.finally(() => clearTimeout(timer));
      request.once("close", () => clearTimeout(timer));
    });
    const how = await Promise.race([jail.ended, late]);
    return { status: 200, body: { ended: how } };
  }
  const state = await boxes.state(id);
  return { status: 200, body: { ended: state.ended ?? { exitCode: 0, limit: null, message: "It does not run." } } };
}

/** What is asked of a box, or of the host when `id` is null. Null: there is no such thing to ask. */
export async function control(
  boxes: Boxes,
  { method, id, action, request }: { method: string; id: string | null; action: string; request: IncomingMessage },
): Promise<Answer | null> {
  try {
    if (id === null) {
      if (`${method} ${action}` !== "PUT worker") return null;
      boxes.worker = await readBody(request, WorkerRequest);
      return { status: 200, body: {} };
    }
    const what = `${method} ${action}`.trimEnd();
    switch (what) {
      case "GET":
        return { status: 200, body: await boxes.state(id) };
      case "DELETE":
        await boxes.destroy(id);
        return { status: 200, body: {} };
      case "POST start": {
        const { env } = await readBody(request, StartRequest);
        await boxes.start(id, env ?? {});
        return { status: 200, body: await boxes.state(id) };
      }
      case "POST sleep":
        await boxes.sleep(id);
        return { status: 200, body: await boxes.state(id) };
      case "GET monitor":
        return await ended(boxes, id, request);
      case "PUT egress":
        boxes.allow(id, (await readBody(request, EgressRequest)).hosts);
        return { status: 200, body: await boxes.state(id) };
      default:
        return null;
    }
  } catch (thrown) {
    if (thrown instanceof BadRequest) return { status: 400, body: { error: thrown.message } };
    if (thrown instanceof FoldersFull || thrown instanceof TooManyRunning)
      return { status: 507, body: { error: thrown.message } };
    log.error("the host of computers failed", { id, action, thrown });
    return { status: 500, body: { error: "The computer could not be started or ended." } };
  }
}
