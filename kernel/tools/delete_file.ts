import { z } from "zod";
import { KernelError } from "../errors.ts";
import { notFound } from "../files/space.ts";
import { defineTool } from "./define.ts";
import { pathInput } from "./inputs.ts";
import { code, sizeInWords } from "./words.ts";

const Pinned = z.object({ path: z.string(), etag: z.string(), version: z.number() });

export const deleteFile = defineTool({
  name: "delete_file",
  description:
    "Deletes one file. A person is asked first and sees path, size and version. Its versions are kept, but it is gone from listings, and from a site with the next publication.",
  input: z.object({ path: pathInput }),
  capability: "fs.write",
  risk: "medium",
  command: true,
  consent: "approve",
  title: ({ path }) => `Delete ${path}`,
  async prepare({ path }, ctx) {
    const info = await ctx.files.stat(path);
    if (!info) throw notFound(path);
    const shared = info.path.startsWith("thread/") ? "\n\nEveryone in this thread sees this file." : "";
    return {
      title: `Delete ${info.path}?`,
      body: `${code(info.path)} — ${sizeInWords(info.sizeBytes)}, version ${info.version}${shared}`,
      pinned: { path: info.path, etag: info.etag, version: info.version },
    };
  },
  async run({ path }, ctx, pinned) {
    const approved = Pinned.parse(pinned);
    const now = await ctx.files.stat(path);
    if (!now) throw notFound(path);
    if (now.path !== approved.path || now.version !== approved.version || now.etag !== approved.etag) throw moved(path);
    try {
      await ctx.files.remove(path, { basedOn: approved.etag });
    } catch (thrown) {
      throw thrown instanceof KernelError && thrown.code === "file.changed" ? moved(path) : thrown;
    }
    return { output: { deleted: now.path, version: now.version }, detail: `${code(now.path)} deleted` };
  },
});

const moved = (path: string): KernelError =>
  new KernelError(
    "approval.changed",
    `${path} has changed since its deletion was approved, so it was kept. Ask again if it should still go.`,
  );
