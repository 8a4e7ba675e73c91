import { describe, expect, it } from "vitest";
import { KernelError } from "../../errors.ts";
import type { PortGrant } from "./box-port.ts";
import { allowedPort, hashOf, previewHeader, previewHeaderValue, servePreview, type PreviewDeps } from "./preview.ts";
import { newSecret, PortSecret } from "./preview-label.ts";

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
    ["more than port and secret", `${previewHeaderValue(8080, secret)} x`],
    ["a port that is no number", `x ${secret}`],
    ["a secret of another form", `8080 ${secret}a`],
    ["an empty header", ""],
  ])("%s: there is nothing here", async (_, value) => {
    const response = await servePreview(request(value), deps([await grant(), await grant({ port: 9000 })].slice(0, 1)));
    expect([response.status, await response.text()]).toEqual([404, "There is nothing here.\n"]);
  });

  it("expired or revoked: there is nothing here", async () => {
    const value = previewHeaderValue(8080, secret);
    expect((await servePreview(request(value), deps([await grant({ expiresAt: 500 })]))).status).toBe(404);
    expect((await servePreview(request(value), deps([]))).status).toBe(404);
  });

  it("a secret opens the port it was made for and not another one that is open too", async () => {
    const other = newSecret();
    const grants = [await grant(), await grant({ port: 9000, secretHash: await hashOf(other) })];
    const status = async (port: number, key: typeof secret) =>
      (await servePreview(request(previewHeaderValue(port, key)), deps(grants))).status;
    expect([await status(8080, secret), await status(9000, other)]).toEqual([200, 200]);
    expect([await status(9000, secret), await status(8080, other)]).toEqual([404, 404]);
  });

  it("a grant keeps the SHA-256 of its secret", async () => {
    // printf aaaaaaaaaaaaaaaaaaaaaaaaaa | sha256sum
    expect(await hashOf(PortSecret.parse("a".repeat(26)))).toBe(
      "9976d549a25115dab4e36d0c1fb8f31cb07da87dd83275977360eb7dc09e88de",
    );
  });

  it("a box that sleeps is not woken by a look; one whose server is silent says so", async () => {
    const value = previewHeaderValue(8080, secret);
    const answer = async (over: Partial<PreviewDeps>) => {
      const response = await servePreview(request(value), deps([await grant()], over));
      const kept = [response.headers.get("cache-control"), response.headers.get("content-type")];
      expect(kept).toEqual(["no-store", "text/plain; charset=utf-8"]);
      return `${response.status} ${await response.text()}`;
    };
    const fails = (error: Error) => ({
      forward: async () => {
        throw error;
      },
    });
    expect(await answer({ running: () => false })).toMatch(/^503 This computer sleeps, .*\n$/);
    expect(await answer(fails(new Error("the container is not listening")))).toBe(
      "502 Nothing answers on port 8080 yet.\n",
    );
    expect(await answer(fails(new KernelError("computer.unavailable", "It is gone.")))).toBe("503 It is gone.\n");
    expect(await answer(fails(new KernelError("internal", "Inner words.")))).toBe(
      "502 Nothing answers on port 8080 yet.\n",
    );
  });

  it("each grant is looked at, whichever fits", async () => {
    const asked = { port: 8080, secretHash: await hashOf(secret) };
    expect(allowedPort([await grant({ port: 9000 }), await grant()], asked, 0)).toBe(8080);
    expect(allowedPort([await grant(), await grant({ port: 9000 })], asked, 0)).toBe(8080);
    expect(allowedPort([await grant()], asked, 999)).toBe(8080);
    expect(allowedPort([await grant()], asked, 1000)).toBeNull();
    // Nobody's place, which stands in where there is no grant, opens nothing.
    expect(allowedPort([], { port: -1, secretHash: "0".repeat(64) }, 0)).toBeNull();
    expect(allowedPort([await grant({ secretHash: "f".repeat(64) })], asked, 0)).toBeNull();
  });
});
