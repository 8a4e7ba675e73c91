import process from "node:process";
import { parseArgs } from "node:util";
import { appManifest } from "./app-manifest.ts";

/*
 * A Node process: prints the app's manifest, to be pasted at api.slack.com/apps → Create New App → From a manifest.
 *   npm run slack:manifest -- --url https://deckhand.example.workers.dev
 */
const { values } = parseArgs({ options: { url: { type: "string", default: "https://deckhand.example.workers.dev" } } });
if (URL.canParse(values.url) && new URL(values.url).protocol === "https:") {
  process.stdout.write(`${JSON.stringify(appManifest(values.url), null, 2)}\n`);
} else {
  process.stderr.write(
    "--url must be the https address of your Worker, for example https://deckhand.you.workers.dev\n",
  );
  process.exitCode = 1;
}
