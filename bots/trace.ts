import { html, raw } from "hono/html";
import { sandboxTime } from "../kernel/events/sandbox-time.ts";
import type { SandboxTime, StampedEvent, ThreadEvent } from "../kernel/events/types.ts";
import type { ThreadId } from "../kernel/ids.ts";

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 1000 ? 3 : 1)} s`;
const inSandbox = (spent: SandboxTime | undefined): string =>
  spent === undefined ? "" : ` [${spent.tier}, ${seconds(spent.ms)}${spent.why === "" ? "" : `: ${spent.why}`}]`;

/** What the thread has cost so far beside the model. */
function total(events: StampedEvent[]): string {
  const { isolate, computer } = sandboxTime(events.map(({ event }) => event));
  const spent = [
    ...(isolate > 0 ? [`${seconds(isolate)} in isolates`] : []),
    ...(computer > 0 ? [`${seconds(computer)} in a computer`] : []),
  ];
  return [`${events.length} events`, ...spent].join(" · ");
}

/** One line for a reader; the whole event stands folded below it. */
function summary(event: ThreadEvent): string {
  switch (event.type) {
    case "turn.started":
      return `${event.trigger}: ${event.title} (${event.principalName})`;
    case "text.delta":
    case "text.done":
      return event.text;
    case "task.started":
      return `${event.tool}: ${event.title}`;
    case "task.progress":
      return event.detail;
    case "task.finished":
      return `${event.outcome}${event.code ? ` (${event.code})` : ""}: ${event.detail}${inSandbox(event.sandbox)}`;
    case "plan.updated":
      return `${event.title}: ${event.steps.map((step) => `${step.title} [${step.state}]`).join(", ")}`;
    case "approval.requested":
    case "approval.revised":
      return `${event.card.title} (${event.card.requesterName} decides)`;
    case "approval.decided":
      return `${event.decision} by ${event.byName}${event.choice ? `: ${event.choice}` : ""}`;
    case "thread.closed":
      return "nobody has written for a long time";
    case "approval.expired":
      return event.approval;
    case "file.posted":
      return `${event.path} (${event.sizeBytes} bytes)`;
    case "diff.shown":
      return `${event.repo}, ${event.branch}: ${event.files.length + event.more} files`;
    case "site.published":
      return `${event.url} version ${event.version}, ${event.files} files`;
    case "notice":
      return `${event.level}: ${event.text}`;
    case "feedback.given":
      return `${event.value} by ${event.byName}`;
    case "turn.suspended":
      return `${event.approvals.length} waiting`;
    case "turn.finished":
      return event.inputTokens === null
        ? event.model
        : `${event.model}: ${event.inputTokens} tokens in, ${event.outputTokens ?? 0} out`;
    case "turn.failed":
      return `${event.code}: ${event.text}`;
  }
}

const style = `
:root{color-scheme:light dark;--fg:#1b2733;--dim:#5b6b7a;--line:#d9e1e8;--bg:#fff;--card:#f6f9fb;--accent:#0b6e7f;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--fg:#e4edf3;--dim:#93a4b3;--line:#2b3945;--bg:#111a22;--card:#182430;--accent:#4fc3d6;--bad:#ff8a80}}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem;font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
h1{font-size:1.2rem;margin:0 0 .25rem}p{color:var(--dim);margin:0 0 1.25rem;overflow-wrap:anywhere}
ol{list-style:none;margin:0;padding:0}li{display:grid;grid-template-columns:3rem 6.5rem 11rem 1fr;gap:.25rem .75rem;padding:.5rem .25rem;border-top:1px solid var(--line)}
li.turn{background:var(--card)}.n,time{color:var(--dim);font-variant-numeric:tabular-nums}.t{color:var(--accent);font-weight:600}.bad .t{color:var(--bad)}
.s{white-space:pre-wrap;overflow-wrap:anywhere;max-height:12rem;overflow:auto}details{grid-column:4}summary{color:var(--dim);cursor:pointer;font-size:.85em}
pre{margin:.25rem 0 0;font-size:.8em;white-space:pre-wrap;overflow-wrap:anywhere}
@media (max-width:640px){li{grid-template-columns:2.2rem 1fr}.s,details{grid-column:1/-1}time{text-align:right}}`;

const bad = (event: ThreadEvent): boolean =>
  event.type === "turn.failed" ||
  (event.type === "task.finished" && (event.outcome === "error" || event.outcome === "interrupted"));

/**
 * Whether traces are told to who asks by this address: on a laptop only, and there by the laptop's own name. A site can
 * point a name of its own at 127.0.0.1 and would then read them as its own pages.
 */
export const mayTrace = (url: string, local: boolean): boolean =>
  local && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname);

/** A thread's trace as a page to read. Local only: whoever can open it sees everything the thread did. */
export async function tracePage(thread: ThreadId, events: StampedEvent[]): Promise<Response> {
  const rows = events.map(
    ({ seq, at, event }) =>
      html`<li class="${event.type.startsWith("turn.") ? "turn" : ""} ${bad(event) ? "bad" : ""}">
        <span class="n">${seq}</span
        ><time datetime="${new Date(at).toISOString()}">${new Date(at).toISOString().slice(11, 23)}</time>
        <span class="t">${event.type}</span><span class="s">${summary(event)}</span>
        <details>
          <summary>all of it</summary>
          <pre>${JSON.stringify(event, null, 2)}</pre>
        </details>
      </li>`,
  );
  const body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Trace · Deckhand</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>Trace</h1>
        <p>${thread} · ${events.length === 0 ? "nothing has happened here yet" : total(events)}</p>
        <ol>
          ${rows}
        </ol>
      </body>
    </html>`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  };
  return new Response(await body, { headers });
}
