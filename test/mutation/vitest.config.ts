import { defineConfig } from "vitest/config";

/** The tests of one source at a time, as `run.ts` names them: what others happen to notice does not count. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: (process.env["MUTATION_TESTS"] ?? "").split(",").filter((name) => name !== ""),
    environment: "node",
  },
});
