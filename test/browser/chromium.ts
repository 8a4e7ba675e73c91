import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
const macs = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** A Chromium of this machine: CHROMIUM_PATH when it is set, else the first on PATH. Null when there is none. */
export function findChromium(env: Record<string, string | undefined> = process.env): string | null {
  const named = env["CHROMIUM_PATH"];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, where nothing is.`);
    return named;
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const places = process.platform === "darwin" ? [...onPath, ...macs] : onPath;
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * The same, for a test: without a browser it is skipped with a loud line, and fails where REQUIRE_BROWSER=1 says that
 * one must be there.
 */
export function chromiumForTests(env: Record<string, string | undefined> = process.env): string | null {
  const found = findChromium(env);
  if (found !== null) return found;
  const how = "No Chromium was found. Install chromium or Google Chrome, or set CHROMIUM_PATH to one.";
  if (env["REQUIRE_BROWSER"] === "1") throw new Error(how);
  const bar = "!".repeat(how.length + 4);
  process.stderr.write(`\n${bar}\n  ${how}\n  THE BROWSER TESTS ARE SKIPPED.\n${bar}\n\n`);
  return null;
}

/** Headless, and with no name resolved but what is this machine itself: what wants to go elsewhere fails at once. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--force-color-profile=srgb",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost",
    ],
  });
}
