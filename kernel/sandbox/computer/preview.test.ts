import { describe, expect, it } from "vitest";
import type { PortGrant } from "./box-port.ts";
import { allowedPort, hashOf, previewHeader, previewHeaderValue, servePreview, type PreviewDeps } from "./preview.ts";
import { newSecret } from "./preview-label.ts";

const secret = newSecret();
const grant = async (over: Partial<PortGrant> = {}): Promise<PortGrant> => ({
  port: 8080,
  secretHash: await hashOf(secret),
  expiresAt: 1000,
  ...over,
});
const request = (value?: string) =>
  new Request("http://x.localhost/a?b", value === undefined ? {} : { headers: { [previewHeader]: value } });

describe("C4 a preview's link", () => {
  const deps = (grants: PortGrant[], over: Partial<PreviewDeps> = {}): PreviewDeps => ({
    grants: () => grants,
    now: () => 500,
    running: () => true,
    forward: async (given, port) =>
      new Response(`${port} ${new URL(given.url).pathname} ${given.headers.get(previewHeader)}`),
    ...over,
  });

  it("opens the one port it was made for; the box does not see the secret", async () => {
    const response = await servePreview(request(previewHeaderValue(8080, secret)), deps([await grant()]));
    expect(await response.text()).toBe("8080 /a null");
  });

  it.each([
    ["no header", undefined],
    ["not a header of ours", "8080"],
    ["another port", previewHeaderValue(8081, secret)],
    ["another secret", previewHeaderValue(8080, newSecret())],
    ["the computer's own port", previewHeaderValue(3000, secret)],
  ])("%s: there is nothing here", async (_, value) => {
    const response = await servePreview(request(value), deps([await grant(), await grant({ port: 9000 })].slice(0, 1)));
    expect([response.status, await response.text()]).toEqual([404, "There is nothing here.\n"]);
  });

  it("expired or revoked: there is nothing here", async () => {
    const value = previewHeaderValue(8080, secret);
    expect((await servePreview(request(value), deps([await grant({ expiresAt: 500 })]))).status).toBe(404);
    expect((await servePreview(request(value), deps([]))).status).toBe(404);
  });

  it("a box that sleeps is not woken by a look; one whose server is silent says so", async () => {
    const value = previewHeaderValue(8080, secret);
    const asleep = await servePreview(request(value), deps([await grant()], { running: () => false }));
    expect(asleep.status).toBe(503);
    const forward = () => Promise.reject(new Error("the container is not listening"));
    expect((await servePreview(request(value), deps([await grant()], { forward }))).status).toBe(502);
  });

  it("each grant is looked at, whichever fits", async () => {
    const asked = { port: 8080, secretHash: await hashOf(secret) };
    expect(allowedPort([await grant({ port: 9000 }), await grant()], asked, 0)).toBe(8080);
    expect(allowedPort([await grant({ secretHash: "f".repeat(64) })], asked, 0)).toBeNull();
  });
});
