import { expect, test, vi } from "vitest";
import { chromiumForTests, findChromium } from "./chromium.ts";

test("CHROMIUM_PATH wins, and is named when nothing is there", () => {
  expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
  expect(() => findChromium({ CHROMIUM_PATH: "/no/such/browser" })).toThrow("/no/such/browser");
});

test.skipIf(process.platform === "darwin")(
  "without a browser the tests are skipped loudly, or fail where one must be there",
  () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(chromiumForTests({ PATH: "/nowhere" })).toBeNull();
    expect(String(written.mock.calls[0]?.[0])).toContain("THE BROWSER TESTS ARE SKIPPED");
    written.mockRestore();
    expect(() => chromiumForTests({ PATH: "/nowhere", REQUIRE_BROWSER: "1" })).toThrow("No Chromium was found");
  },
);
