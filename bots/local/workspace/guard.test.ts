import { expect, it } from "vitest";
import { refusal } from "./guard.ts";

const ask = (more: Partial<Parameters<typeof refusal>[0]>) =>
  refusal({
    method: "POST",
    path: "/local/messages",
    host: "127.0.0.1:8788",
    origin: undefined,
    site: undefined,
    ...more,
  });

it.each([
  ["a tool without an origin", {}],
  ["the page itself", { origin: "http://127.0.0.1:8788", site: "same-origin" }],
  ["localhost", { host: "localhost:8788", origin: "http://localhost:8788" }],
  ["a link to the page", { method: "GET", path: "/", site: "cross-site" }],
  ["the page's own look", { method: "GET", path: "/local/state", site: "same-origin" }],
  ["a link to be let in", { method: "GET", path: "/oauth/v2/authorize", site: "cross-site" }],
  ["the Worker's call", { path: "/api/chat.postMessage" }],
])("lets %s in", (_who, request) => {
  expect(ask(request)).toBeNull();
});

it.each([
  ["a name pointed here", { host: "evil.example:8788" }],
  ["a name that only looks like it", { host: "127.0.0.1.evil.example" }],
  ["no name", { host: undefined }],
  ["another origin", { origin: "https://evil.example" }],
  ["another port's page", { origin: "http://127.0.0.1:9999" }],
  ["an opaque origin", { origin: "null" }],
  ["a cross-site request", { site: "cross-site" }],
  ["a page of a box that looks", { method: "GET", path: "/local/state", site: "same-site" }],
  ["another site that shows a file", { method: "GET", path: "/local/files/F1/a.png", site: "cross-site" }],
  ["another site that reads the controls", { method: "GET", path: "/control/state", site: "cross-site" }],
])("I1 refuses %s", (_who, request) => {
  expect(ask(request)).not.toBeNull();
});
