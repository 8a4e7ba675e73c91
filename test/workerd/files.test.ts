import { expect, it } from "vitest";
import { atDesk, ann, bindings } from "./desk.ts";

it("writes and reads", async () => {
  await atDesk(ann, async (tree) => {
    const a = await tree.write("home/a.md", "one");
    expect(a).toMatchObject({ path: "home/a.md", version: 1, mediaType: "text/markdown", sizeBytes: 3 });
    expect(new TextDecoder().decode((await tree.read("home/a.md")).bytes)).toBe("one");
    expect(await bindings.FILES.head("u/slack:T1:U-ann/home/a.md")).not.toBeNull();
  });
});
