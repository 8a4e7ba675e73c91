import { expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";
import { ago, bytes, clock, dateToken, dayName, stampMs } from "./time.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const minute = 60_000;

it("reads Slack's stamps", () => {
  expect(stampMs("1721000000.000100")).toBe(1_721_000_000_000);
  expect(stampMs("x")).toBe(0);
});

it("names the day as a person would", () => {
  expect(dayName(now, now, "UTC")).toBe("Today");
  expect(dayName(now - 24 * 60 * minute, now, "UTC")).toBe("Yesterday");
  expect(dayName(Date.parse("2026-03-02T12:00:00Z"), now, "UTC")).toBe("Monday 2 March");
  expect(dayName(Date.parse("2025-03-02T12:00:00Z"), now, "UTC")).toContain("2025");
});

it("says how long ago", () => {
  expect([0, 2, 90, 60 * 25, 60 * 24 * 3].map((m) => ago(now - m * minute, now))).toEqual([
    "just now",
    "2 min ago",
    "1 h ago",
    "1 day ago",
    "3 days ago",
  ]);
});

it("fills Slack's date tokens and leaves what it does not know", () => {
  const seconds = now / 1000;
  expect(dateToken(seconds, "{date_num} {time} {date_pretty} {what}", now, "UTC")).toBe(
    "2026-11-21 12:00 today {what}",
  );
  expect(clock(now, "Asia/Tokyo")).toBe("21:00");
});

it("says sizes in words", () => {
  expect([12, 2048, 1_500_000, 30 * 1024 * 1024].map(bytes)).toEqual(["12 B", "2 KB", "1.4 MB", "30 MB"]);
});

it("waits longer for each try, within a bound", () => {
  expect([1, 2, 3, 99].map(backoffMs)).toEqual([250, 500, 1000, 8000]);
});
