import { describe, expect, it } from "vitest";
import { BoxLabel, newSecret, previewLabel } from "../kernel/sandbox/computer/preview-label.ts";
import { previewHeader } from "../kernel/sandbox/computer/preview.ts";
import { BoxName } from "../kernel/sandbox/computer/types.ts";
import { preview } from "./preview.ts";

const box = BoxLabel.parse("abcdefghij");
const parts = { port: 8080, name: BoxName.parse("main"), box, secret: newSecret() };
const label = previewLabel.make(parts);
const publicUrl = "https://deck.example.com";

describe("C4 previews at the Worker's door", () => {
  it("a request for the Worker itself is left to it", async () => {
    expect(await preview(new Request("https://deck.example.com/health"), publicUrl, null)).toBeNull();
  });

  it("hands on what was asked, without who asked, and with the one header that opens it", async () => {
    const seen: Request[] = [];
    const headers = { "cf-connecting-ip": "1.2.3.4", "x-deckhand-preview": "9999 x", cookie: "own=1", accept: "a/b" };
    const request = new Request(`https://${label}.deck.example.com/a?b=1`, { method: "POST", body: "hi", headers });
    await preview(request, publicUrl, (given) => {
      expect(given).toBe(box);
      return { fetch: async (one) => (seen.push(one), new Response("ok")) };
    });
    const [got] = seen;
    expect([got?.method, await got?.text(), got?.url]).toEqual(["POST", "hi", request.url]);
    expect(Object.fromEntries(got?.headers ?? [])).toMatchObject({
      cookie: "own=1",
      accept: "a/b",
      "x-forwarded-host": `${label}.deck.example.com`,
      [previewHeader]: `8080 ${parts.secret}`,
    });
    expect(got?.headers.get("cf-connecting-ip")).toBeNull();
  });

  it("a label that is none of ours reaches no box, and none of the Worker's own routes", async () => {
    const reached = () => {
      throw new Error("a box was asked");
    };
    for (const host of ["health.deck.example.com", "health.deck.example.com.", `${label}.example.com`]) {
      const response = await preview(new Request(`https://${host}/health`), publicUrl, reached);
      expect([response?.status, await response?.text()], host).toEqual([404, "There is nothing here.\n"]);
    }
  });

  it.each([
    ["http://localhost:8080/a/?b=1#c", "/a/?b=1#c"],
    ["http://127.0.0.1:8080", "/"],
    ["/plain", "/plain"],
    ["next", "next"],
    ["http://localhost:9090/", "http://localhost:9090/"],
    ["https://example.com:8080/", "https://example.com:8080/"],
  ])("a server that leads on to %s leads to %s", async (location, expected) => {
    const request = new Request(`https://${label}.deck.example.com/`);
    const answer = () => new Response(null, { status: 302, headers: { location } });
    const response = await preview(request, publicUrl, () => ({ fetch: async () => answer() }));
    expect(response?.headers.get("location")).toBe(expected);
  });

  it("a page of a box sets cookies for itself only and hands its link on to nobody", async () => {
    const answer = new Response("ok", { headers: { "referrer-policy": "unsafe-url" } });
    answer.headers.append("set-cookie", "a=1; Domain=.deck.example.com; Path=/");
    answer.headers.append("set-cookie", "b=2; HttpOnly");
    const request = new Request(`https://${label}.deck.example.com/`);
    const response = await preview(request, publicUrl, () => ({ fetch: async () => answer }));
    expect(response?.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; HttpOnly"]);
    expect(response?.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response?.headers.get("x-robots-tag")).toBe("noindex");
  });
});
