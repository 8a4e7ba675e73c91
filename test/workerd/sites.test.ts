import { describe, expect, it } from "vitest";
import { serveSite } from "../../kernel/sites/serve.ts";
import { UserId } from "../../kernel/ids.ts";
import { atBench } from "./context.ts";
import { bindings, codeOf, spied } from "./desk.ts";

const person = (name: string) => UserId.parse(`slack:T1:U-site-${name}`);
const get = (path: string, init: RequestInit = {}, bucket = bindings.FILES) =>
  serveSite(new Request(`https://deckhand.test${path}`, init), bucket);

/** Publishes files as a person does: plan, then publish with the plan's digest. */
const publish = (owner: string, slug: string, files: Record<string, string>) =>
  atBench(person(owner), async ({ ctx, tree }) => {
    for (const [path, content] of Object.entries(files)) await tree.write(`sites/${slug}/${path}`, content);
    const plan = await ctx.sites.plan(slug);
    return ctx.sites.publish(slug, plan.digest);
  });

describe("serving a site", () => {
  it("gives pages with their types, an index for a folder, and redirects to it", async () => {
    await publish("serve", "garden", {
      "index.html": "<h1>Garden</h1>",
      "blog/index.html": "blog",
      "app.js": "1",
      "data.json": "{}",
      "caf\u00e9.txt": "x",
    });
    const page = await get("/sites/garden/");
    expect(page.status).toBe(200);
    expect(await page.text()).toBe("<h1>Garden</h1>");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect((await get("/sites/garden/app.js")).headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(await (await get("/sites/garden/blog/")).text()).toBe("blog");
    expect((await get("/sites/garden?x=1")).headers.get("location")).toBe("./garden/?x=1");
    expect((await get("/sites/garden/blog")).headers.get("location")).toBe("./blog/");
    expect((await get("/sites/garden/caf%C3%A9.txt")).status).toBe(200);
    const head = await get("/sites/garden/", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "15", ""]);
  });

  it("shuts every page into an origin of its own, without cookies", async () => {
    for (const path of ["/sites/garden/", "/sites/garden/nope", "/sites/none/", "/sites/garden"]) {
      const { headers } = await get(path);
      expect(headers.get("content-security-policy")).toBe(
        "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads",
      );
      expect(headers.get("content-security-policy")).not.toContain("same-origin");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-cache");
      expect(headers.get("set-cookie")).toBeNull();
    }
  });

  it("answers 304 to who has it already, and parts of it to who asks for them", async () => {
    const etag = (await get("/sites/garden/")).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const same = await get("/sites/garden/", { headers: { "if-none-match": `"x", W/${etag}` } });
    expect([same.status, await same.text()]).toEqual([304, ""]);
    const part = await get("/sites/garden/", { headers: { range: "bytes=4-9" } });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      "bytes 4-9/15",
      "Garden",
    ]);
    const tail = await get("/sites/garden/", { headers: { range: "bytes=-5" } });
    expect(await tail.text()).toBe("</h1>");
    const beyond = await get("/sites/garden/", { headers: { range: "bytes=99-" } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */15"]);
    const stale = await get("/sites/garden/", { headers: { range: "bytes=0-1", "if-range": '"old"' } });
    expect(stale.status).toBe(200);
  });

  it("answers 404 with the site's own page where it has one, and 405 to other methods", async () => {
    expect(await (await get("/sites/garden/nope")).text()).toContain("There is no page at this address.");
    await publish("own404", "own404", { "index.html": "x", "404.html": "gone fishing" });
    const missing = await get("/sites/own404/nope");
    expect([missing.status, await missing.text()]).toEqual([404, "gone fishing"]);
    const post = await get("/sites/garden/", { method: "POST" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("answers 404 to hidden dots and slashes, before R2 is touched", async () => {
    const { bucket, calls } = spied(bindings.FILES);
    for (const path of [
      "/sites/garden/..%2fx",
      "/sites/garden/%252e%252e/x",
      "/sites/garden/a%5c..%5cb",
      "/sites/garden/a%00",
      "/sites/..%2f/",
      "/sites/GARDEN/",
    ])
      expect((await get(path, {}, bucket)).status, path).toBe(404);
    expect(calls).toEqual([]);
  });
});

describe("publishing a site", () => {
  it("a change shows on the next load, and what was not published does not", async () => {
    await publish("change", "news", { "index.html": "one" });
    const etag = (await get("/sites/news/")).headers.get("etag") ?? "";
    await atBench(person("change"), ({ tree }) => tree.write("sites/news/index.html", "draft"));
    expect(await (await get("/sites/news/")).text()).toBe("one");
    const { publication } = await publish("change", "news", { "index.html": "two" });
    expect(publication.version).toBe(2);
    const next = await get("/sites/news/", { headers: { "if-none-match": etag } });
    expect([next.status, await next.text()]).toEqual([200, "two"]);
  });

  it("a name that is somebody's is nobody else's", async () => {
    await publish("first", "mine", { "index.html": "first" });
    expect(await codeOf(() => publish("second", "mine", { "index.html": "second" }))).toBe("site.taken");
    expect(await (await get("/sites/mine/")).text()).toBe("first");
  });

  it("of two who claim a name at once one gets it, and the other is told", async () => {
    const plans = await Promise.all(
      ["left", "right"].map((owner) =>
        atBench(person(owner), async ({ ctx, tree }) => {
          await tree.write("sites/both/index.html", owner);
          return { owner, digest: (await ctx.sites.plan("both")).digest };
        }),
      ),
    );
    const codes = await Promise.all(
      plans.map(({ owner, digest }) =>
        codeOf(() => atBench(person(owner), ({ ctx }) => ctx.sites.publish("both", digest))),
      ),
    );
    expect(codes.toSorted()).toEqual(["no error", "site.taken"]);
    const winner = plans[codes.indexOf("no error")]?.owner;
    expect(await (await get("/sites/both/")).text()).toBe(winner);
  });

  it("what changed after the approval is not published", async () => {
    await atBench(person("after"), async ({ ctx, tree }) => {
      await tree.write("sites/after/index.html", "approved");
      const plan = await ctx.sites.plan("after");
      await tree.write("sites/after/extra.html", "sneaked in");
      expect(await codeOf(() => ctx.sites.publish("after", plan.digest))).toBe("approval.changed");
      expect((await get("/sites/after/")).status).toBe(404);
    });
  });

  it("the same approved publication twice, as after a crash, is one version", async () => {
    await atBench(person("twice"), async ({ ctx, tree }) => {
      await tree.write("sites/twice/index.html", "x");
      const { digest } = await ctx.sites.plan("twice");
      const first = await ctx.sites.publish("twice", digest);
      expect(await ctx.sites.publish("twice", digest)).toEqual(first);
    });
  });

  it("an approval from before another publication does not undo it", async () => {
    await atBench(person("undo"), async ({ ctx, tree }) => {
      await tree.write("sites/undo/index.html", "one");
      await tree.write("sites/undo/b.html", "b");
      const old = await ctx.sites.plan("undo");
      await tree.write("sites/undo/index.html", "two");
      await ctx.sites.publish("undo", (await ctx.sites.plan("undo")).digest);
      await tree.write("sites/undo/index.html", "one");
      expect(await codeOf(() => ctx.sites.publish("undo", old.digest))).toBe("approval.changed");
    });
  });
});
