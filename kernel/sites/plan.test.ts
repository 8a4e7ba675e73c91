import { describe, expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import type { FileInfo } from "../files/types.ts";
import { UserId } from "../ids.ts";
import { type PlanState, checkSlug, planSite } from "./plan.ts";
import type { Publication } from "./types.ts";

const user = UserId.parse("slack:T1:U1");
const info = (path: string, sha = "aa", sizeBytes = 10): FileInfo => ({
  path: `sites/shop/${path}`,
  sizeBytes,
  mediaType: "text/html",
  sha256: sha,
  version: 1,
  etag: "e",
  updatedAt: 1,
});
const plan = (state: Partial<PlanState>) =>
  planSite({ slug: "shop", title: undefined, user, files: [], current: null, ...state });
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof KernelError ? thrown.code : "not ours"),
  );

describe("a site's plan", () => {
  it("takes plain slugs only", () => {
    for (const slug of ["a", "my-site", "2026", "a".repeat(40)]) expect(checkSlug(slug)).toBe(slug);
    for (const slug of ["", "-a", "a-", "a--b", "A", "a.b", "a/b", "..", "a b", "é", "a".repeat(41), "a\n"])
      expect(() => checkSlug(slug)).toThrow(KernelError);
  });

  it("says what is added, changed and removed against what is public", async () => {
    const current: Publication = {
      slug: "shop",
      owner: user,
      title: "Shop",
      version: 3,
      publishedAt: 1,
      files: [
        { path: "index.html", sha256: "aa", sizeBytes: 10, mediaType: "text/html" },
        { path: "old.html", sha256: "bb", sizeBytes: 10, mediaType: "text/html" },
        { path: "same.html", sha256: "cc", sizeBytes: 10, mediaType: "text/html" },
      ],
    };
    const made = await plan({ current, files: [info("index.html", "a2"), info("new.html"), info("same.html", "cc")] });
    expect(made).toMatchObject({ title: "Shop", added: ["new.html"], changed: ["index.html"], removed: ["old.html"] });
  });

  it("has another digest when a byte, the title or the replaced version differs", async () => {
    const base = { files: [info("index.html")] };
    const digests = await Promise.all([
      plan(base),
      plan({ files: [info("index.html", "ab")] }),
      plan({ ...base, title: "Other" }),
      plan({ files: [info("index.html"), info("b.html")] }),
    ]);
    expect(new Set(digests.map((one) => one.digest)).size).toBe(4);
    expect((await plan(base)).digest).toBe(digests[0]?.digest);
  });

  it("is refused without files, without index.html, over a limit and on somebody else's slug", async () => {
    expect(await codeOf(plan({}))).toBe("site.not_found");
    expect(await codeOf(plan({ files: [info("about.html")] }))).toBe("site.invalid");
    expect(await codeOf(plan({ files: [info("index.html", "aa", 60 * 1024 * 1024)] }))).toBe("site.invalid");
    const many = Array.from({ length: 501 }, (_, index) => info(`${index}.html`));
    expect(await codeOf(plan({ files: [info("index.html"), ...many] }))).toBe("site.invalid");
    const current = {
      slug: "shop",
      owner: UserId.parse("slack:T1:U2"),
      title: "x",
      version: 1,
      publishedAt: 1,
      files: [],
    };
    expect(await codeOf(plan({ files: [info("index.html")], current }))).toBe("site.taken");
  });

  it("keeps a title to one line", async () => {
    expect((await plan({ files: [info("index.html")], title: "  A\nB\u2028C " })).title).toBe("A B C");
  });
});
