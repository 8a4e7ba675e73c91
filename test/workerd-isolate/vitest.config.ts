import { defineConfig } from "vitest/config";

/**
 * Node tests against a real workerd, started through wrangler so that the Worker is bundled as it is for real: the
 * isolate's own code travels as the text of bundled functions, which a test pool's own loader would not show.
 */
export default defineConfig({
  test: {
    name: "workerd-isolate",
    root: new URL(".", import.meta.url).pathname,
    include: ["**/*.test.ts"],
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Programs that spin would disturb each other's clocks.
    fileParallelism: false,
  },
});
