import process from "node:process";
import { parseArgs } from "node:util";
import { appManifest } from "./app-manifest.ts";

/*
 * A Node process: prints the app's manifest, to be pasted at api.slack.com/apps → Create New App → From a manifest.
 *   npm run slack:manifest -- --url https://deckhand.example.workers.dev [--socket] [--rotation]
 */
const usage = `npm run slack:manifest -- --url https://deckhand.you.workers.dev [--socket] [--rotation]
  --url       the https address of your Worker
  --socket    Slack sends through Socket Mode (npm run slack:socket) and need not reach your Worker
  --rotation  tokens expire after twelve hours and are renewed; Slack cannot turn this off again
`;

function read(): { url: string; socket: boolean; rotation: boolean } | null {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: "string", default: "https://deckhand.example.workers.dev" },
        socket: { type: "boolean", default: false },
        rotation: { type: "boolean", default: false },
      },
    });
    return URL.canParse(values.url) && new URL(values.url).protocol === "https:" ? values : null;
  } catch {
    return null;
  }
}

const options = read();
if (options === null) {
  process.stderr.write(`--url must be the https address of your Worker.\n\n${usage}`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${JSON.stringify(appManifest(options), null, 2)}\n`);
}
