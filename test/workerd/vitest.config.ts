import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { importAtOnce } from "./import-at-once.ts";

const here = new URL(".", import.meta.url).pathname;

/** Suites that run inside workerd, offline: `vitest run --config test/workerd/vitest.config.ts`. */
export default defineConfig({
  root: here,
  plugins: [
    importAtOnce(),
    cloudflareTest({ wrangler: { configPath: `${here}wrangler.jsonc` }, remoteBindings: false }),
  ],
  test: {
    name: "workerd",
    // Of the interleavings, in each of their two files. For a thousand: `ROUNDS=100` with `SEED=1` to `SEED=5`.
    provide: { rounds: Number(process.env["ROUNDS"] ?? 30), seed: Number(process.env["SEED"] ?? 1) },
    include: ["**/*.test.ts"],
    // To load all that a Worker is takes longer than most files: it is done once. What is shared is storage, so each test
    // takes people, threads and channels of its own.
    isolate: false,
    maxWorkers: 1,
    // The first thread loads all that a turn needs, on a machine that may do other things as well.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
