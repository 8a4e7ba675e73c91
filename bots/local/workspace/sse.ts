import { bounds } from "./limits.ts";
import type { Feed, FeedEvent } from "./feed.ts";

const encoder = new TextEncoder();

/** A response of server-sent events. A reader that falls behind is cut off and has to come again. */
export function eventStream(feed: Feed, as: string | null, signal: AbortSignal): Response {
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = feed.subscribe({
          as,
          send(event: FeedEvent) {
            if ((controller.desiredSize ?? 0) <= 0) return stop();
            controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
          },
        });
        if (end === null) {
          controller.close();
          return;
        }
        const beat = setInterval(() => controller.enqueue(encoder.encode(": alive\n\n")), 15_000);
        beat.unref();
        let open = true;
        stop = () => {
          if (!open) return;
          open = false;
          end();
          clearInterval(beat);
          signal.removeEventListener("abort", stop);
          try {
            controller.close();
          } catch {
            // The reader has gone first.
          }
        };
        signal.addEventListener("abort", stop);
        controller.enqueue(encoder.encode(": open\n\n"));
      },
      cancel: () => stop(),
    },
    new CountQueuingStrategy({ highWaterMark: bounds.subscriberBacklog }),
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
