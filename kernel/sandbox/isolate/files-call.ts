import { z } from "zod";
import { KernelError } from "../../errors.ts";
import type { FileInfo, FileTree } from "../../files/types.ts";
import { limits } from "../../limits.ts";

/*
 * What a program may ask of its person's files. It comes from code we do not trust: the arguments are checked here for
 * shape and size, the paths by the FileTree itself.
 */
const path = z.string().max(limits.files.maxPathBytes * 2);
const text = z.string().max(limits.files.maxBytes);
const bytes = z.instanceof(Uint8Array).refine((value) => value.byteLength <= limits.files.maxBytes, {
  message: `at most ${limits.files.maxBytes} bytes`,
});
const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const mediaType = z.string().max(200).regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w-]+)*$/); // oxfmt-ignore

const argumentsOf = {
  read: z.union([z.tuple([path]), z.tuple([path, z.strictObject({ offset: count, length: count })])]),
  write: z.union([
    z.tuple([path, z.union([text, bytes])]),
    z.tuple([
      path,
      z.union([text, bytes]),
      z.strictObject({ mediaType: mediaType.optional(), basedOn: z.string().max(200).optional() }),
    ]),
  ]),
  list: z.union([z.tuple([path]), z.tuple([path, z.string().max(2000)])]),
  find: z.tuple([
    z.strictObject({ glob: z.string().max(1000).optional(), text: z.string().min(1).max(1000).optional() }),
  ]),
  stat: z.tuple([path]),
  move: z.tuple([path, path]),
};

export type FilesOp = keyof typeof argumentsOf;
/** One call, checked: the name of the operation with its arguments. */
export type FilesCall = { [Op in FilesOp]: { op: Op; args: z.infer<(typeof argumentsOf)[Op]> } }[FilesOp];

export type FilesValue =
  | { info: FileInfo; bytes: Uint8Array }
  | { files: FileInfo[]; cursor: string | null }
  | { path: string; line?: number; excerpt?: string }[]
  | FileInfo
  | null;

/** Shown with a refusal, so that the model can mend its call. */
const usage: Record<FilesOp, string> = {
  read: "FILES.read(path, {offset, length}?)",
  write: "FILES.write(path, text or bytes, {mediaType?, basedOn?}?)",
  list: "FILES.list(folder, cursor?)",
  find: "FILES.find({glob?, text?})",
  stat: "FILES.stat(path)",
  move: "FILES.move(from, to)",
};

/**
 * What arrived, as a call.
 * @throws KernelError `input.invalid` for anything that is not one, `code.refused` for a removal.
 */
export function parseFilesCall(op: unknown, args: unknown): FilesCall {
  if (op === "remove")
    throw new KernelError(
      "code.refused",
      "FILES cannot remove a file: that needs a person's approval. Use the delete_file tool.",
    );
  if (typeof op !== "string" || !Object.hasOwn(argumentsOf, op))
    throw new KernelError("input.invalid", "FILES has read, write, list, find, stat and move.");
  const name = op as FilesOp;
  const parsed = argumentsOf[name].safeParse(args);
  if (!parsed.success) throw new KernelError("input.invalid", `Wrong arguments. Use ${usage[name]}.`);
  return { op: name, args: parsed.data } as FilesCall;
}

/** Does what the call says with one person's files. Throws what the FileTree throws. */
export async function answerFilesCall(files: FileTree, call: FilesCall): Promise<FilesValue> {
  switch (call.op) {
    case "read": {
      const [where, range] = call.args;
      return files.read(where, range);
    }
    case "write": {
      const [where, content, options] = call.args;
      return files.write(where, content, defined(options));
    }
    case "list": {
      const [folder, cursor] = call.args;
      return files.list(folder, cursor);
    }
    case "find":
      return files.find(defined(call.args[0]));
    case "stat":
      return files.stat(...call.args);
    default:
      return files.move(...call.args);
  }
}

/** Without the keys that are undefined. */
function defined<T extends object>(value: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value ?? {}).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
