import { expect, test } from "vitest";
import { MemoryFiles } from "../../test/stand-ins/memory-files.ts";
import { ThreadId } from "../ids.ts";
import { limits } from "../limits.ts";
import { diffBody } from "./repo.ts";
import type { ToolContext } from "./types.ts";

test("D2 the whole of a long diff is posted as it is now, whatever comes to stand in its place", async () => {
  const files = new MemoryFiles().tree({
    thread: ThreadId.parse("slack:T1:C1:1.1"),
    turn: null,
    author: "slack:T1:U1",
  });
  const text = "+line\u202e\n".repeat(limits.repo.maxShownChars / 6);
  const diff = { files: [{ path: "a", added: 1, removed: 0 }], text };
  const { body, events } = await diffBody("app", diff, { files } as ToolContext);
  const [posted] = events;
  if (posted?.type !== "file.posted") throw new Error("no file");
  const { info, bytes } = await files.read(posted.path);
  expect(posted).toMatchObject({
    sha256: info.sha256,
    path: expect.stringMatching(/^thread\/diffs\/app-[0-9a-f]{8}\.diff$/),
  });
  expect(new TextDecoder().decode(bytes)).toContain("+line⟨U+202E⟩\n");
  expect(body).toContain("all of it is in the file above");
});
