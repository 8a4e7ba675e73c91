import { expect, it } from "vitest";
import { formatRoute, parseRoute, type Route } from "./route.ts";

it("every place comes back from its address", () => {
  const routes: Route[] = [
    { view: "channel", channel: "C0GENERAL", thread: null },
    { view: "channel", channel: "C0GENERAL", thread: "1721000000.000100" },
    { view: "home" },
    { view: "features" },
    { view: "none" },
  ];
  for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route);
});

it("an address that is not ours is no place", () => {
  for (const hash of ["", "#", "#/", "#main", "#/a/b/c", "#/../x", "#/<script>", "#/C1/1.1/x"]) {
    expect(parseRoute(hash)).toEqual({ view: "none" });
  }
});

it("a broken stamp leads to the channel", () => {
  expect(parseRoute("#/C1/abc")).toEqual({ view: "channel", channel: "C1", thread: null });
});
