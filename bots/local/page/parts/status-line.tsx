import { useEffect, useState } from "preact/hooks";
import type { PageStatus } from "../../workspace/page-api.ts";
import { botOf, shownName, useDeck } from "./deck.ts";

const turnMs = 2_600;

/** "Deckhand is thinking…", with Slack's loading messages taking turns behind it. */
export function StatusLine({ status }: { status: PageStatus | undefined }) {
  const { state } = useDeck();
  const [turn, setTurn] = useState(0);
  const messages = status?.loadingMessages ?? [];
  useEffect(() => {
    setTurn(0);
    if (messages.length < 2) return undefined;
    const timer = setInterval(() => setTurn((t) => t + 1), turnMs);
    return () => clearInterval(timer);
  }, [messages.join("\n")]);
  const line = status?.status ?? "";
  const bot = shownName(botOf(state));
  const loading = messages[turn % Math.max(1, messages.length)];
  return (
    <div class={line === "" ? "status-line off" : "status-line"} data-testid="status-line" role="status">
      {line !== "" && (
        <>
          <span class="dots" aria-hidden="true" />
          {/* Slack puts the app's name before the status: "is thinking…". */}
          <span class="status-words">{/^(is|are|has)\b/.test(line) ? `${bot} ${line}` : line}</span>
          {loading !== undefined && loading !== line && (
            <span class="status-loading" key={turn} aria-hidden="true">
              {loading}
            </span>
          )}
        </>
      )}
    </div>
  );
}
const badges = {
  processing: "Working",
  suspended: "Waiting",
  active: "Ready",
  closed: "Closed",
} as const;

export function SessionBadge({ status }: { status: PageStatus | undefined }) {
  const session = status?.session ?? null;
  if (session === null) return null;
  return (
    <span class={`badge ${session}`} data-testid="session-badge" data-session={session}>
      {badges[session]}
    </span>
  );
}
