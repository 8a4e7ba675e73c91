import { beforeAll, describe, expect, it } from "vitest";
import { pageHandler } from "./serve.ts";

let serve: Awaited<ReturnType<typeof pageHandler>>;
beforeAll(async () => {
  serve = await pageHandler();
});
const get = (path: string, init?: RequestInit) => serve(new Request(`http://127.0.0.1${path}`, init));

describe("the page's own files", () => {
  it("are served with their types, for their paths only", async () => {
    const types = ["/", "/assets/app.js", "/assets/app.css", "/favicon.svg"].map(
      (path) => get(path)?.headers.get("content-type")?.split(";")[0],
    );
    expect(types).toEqual(["text/html", "text/javascript", "text/css", "image/svg+xml"]);
    expect((await get("/assets/app.js")?.text())?.length).toBeGreaterThan(10_000);
    expect(get("/local/state")).toBeNull();
    expect(get("/assets/other.js")).toBeNull();
  });

  it("forbid inline script and everything from elsewhere", async () => {
    const response = get("/");
    const policy = response?.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    const html = (await response?.text()) ?? "";
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/\sstyle=|\son\w+=|https?:\/\//);
  });

  it("allow inline styles to the terminal's frame alone, which only this page may show", async () => {
    const frame = get("/terminal/frame?as=U0ADA&box=main");
    const policy = frame?.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(await frame?.text()).not.toMatch(/<script(?![^>]*\bsrc=)|\sstyle=|https?:\/\//);
    expect((await get("/assets/terminal.js")?.text())?.length).toBeGreaterThan(100_000);
    // The page itself does not carry it.
    expect(await get("/assets/app.js")?.text()).not.toContain("xterm");
  });

  it("ask for nothing from elsewhere in their style", async () => {
    expect(await get("/assets/app.css")?.text()).not.toMatch(/url\((?!["']?data:)/);
  });

  it("are not sent again to a browser that has them", async () => {
    const etag = get("/assets/app.js")?.headers.get("etag") ?? "";
    const again = get("/assets/app.js", { headers: { "if-none-match": etag } });
    expect(again?.status).toBe(304);
    expect(await again?.text()).toBe("");
  });

  it("lead from a message's permanent address to its place in the page", () => {
    const response = get("/archives/C0GENERAL/p1721000000000100");
    expect(response?.status).toBe(302);
    expect(response?.headers.get("location")).toBe("/#/C0GENERAL/1721000000.000100");
  });

  it("cannot be posted to", () => {
    expect(get("/", { method: "POST" })?.status).toBe(405);
  });
});
