import { defineConfig } from "vitest/config";

/** Suites that run in Node. What runs in workerd has a config of its own beside it (`test/workerd`). */
const suite = (
  name: string,
  include: string[],
  options: { slow?: boolean; shared?: boolean; exclude?: string[] } = {},
) => ({
  test: {
    name,
    root: new URL("..", import.meta.url).pathname,
    include,
    exclude: options.exclude ?? [],
    environment: "node" as const,
    // Upper bounds for what hangs: a busy machine is slow, and that is no failure.
    testTimeout: options.slow ? 180_000 : 30_000,
    hookTimeout: options.slow ? 180_000 : 30_000,
    expect: { poll: { timeout: 30_000 } },
    // A slow suite starts real processes: one file at a time keeps two cores from lying about time.
    fileParallelism: !options.slow,
    // What hardly keeps anything outside of its tests is loaded once for many files: loading is most of their time.
    isolate: !options.shared,
  },
});

/** Tests beside their sources that start real shells: seconds each, where a unit test takes a blink. */
const startsShells = [
  "kernel/sandbox/computer/agent/*.test.ts",
  "kernel/sandbox/computer/repos/{repos,attacks}.test.ts",
  "kernel/sandbox/computer/sync/{sync,lossless}.test.ts",
];

export default defineConfig({
  test: {
    projects: [
      suite(
        "unit",
        [
          "{adapters,bots,kernel}/**/*.test.ts",
          "test/boundaries/**/*.test.ts",
          "test/{soak,stand-ins}/**/*.test.ts",
          "test/readme/**/*.test.ts",
          "bench/**/*.test.ts",
        ],
        { exclude: startsShells, shared: true },
      ),
      suite("shell", startsShells),
      suite("contract", ["test/contract/**/*.test.ts"], { shared: true }),
      suite("computer", ["test/computer/**/*.test.ts"], { slow: true }),
      suite("e2e", ["test/e2e/**/*.test.ts"], { slow: true }),
      suite("jail", ["test/jail/**/*.test.ts"], { slow: true }),
      suite("crash", ["test/crash/**/*.test.ts"], { slow: true }),
      suite("browser", ["test/browser/**/*.test.ts"], { slow: true }),
    ],
  },
});
