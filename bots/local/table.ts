import type { Feature } from "../health.ts";

export interface StartTable {
  /** The local page, or null when a real Slack workspace is served. */
  url: string | null;
  eventsUrl: string;
  features: Feature[];
  stateDir: string;
}

/** What `npm start` prints: one URL, then what is on, what is off and why. */
export function startTable({ url, eventsUrl, features, stateDir }: StartTable): string {
  const width = Math.max(...features.map((feature) => feature.name.length));
  const rows = features.map(
    (feature) => `  ${feature.on ? "on " : "off"}  ${feature.name.padEnd(width)}  ${feature.detail}`,
  );
  const head = url ? `Deckhand is at ${url}` : `Deckhand serves your Slack workspace. Let Slack reach ${eventsUrl}`;
  return ["", head, "", ...rows, "", `State is kept in ${stateDir}/. Ctrl-C ends everything.`, ""].join("\n");
}
