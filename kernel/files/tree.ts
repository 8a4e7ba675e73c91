import type { Clock } from "../clock.ts";
import { KernelError } from "../errors.ts";
import type { ThreadId, TurnId, UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import { tellChange } from "./changes.ts";
import { find } from "./find.ts";
import type { FileHistory } from "./history.ts";
import { cleanType, typeOfName } from "./media-type.ts";
import { ownSpace } from "./own.ts";
import { type TreePath, parseFile, parseFolder, prefixes } from "./paths.ts";
import { sharedSpace } from "./shared.ts";
import { type Space, notFound, tooLarge } from "./space.ts";
import { inTurn } from "./in-turn.ts";
import type { FileRead, FileTree } from "./types.ts";
import { bytesMs, Work } from "../work.ts";

export interface TreeParts {
  bucket: R2Bucket;
  /** The Kernel object's storage, migrated. */
  storage: DurableObjectStorage;
  user: UserId;
  thread: ThreadId;
  /** Who stands in the history as the writer; the user when absent. */
  author?: string;
  turn: TurnId | null;
  now: Clock;
  /** What is done here is counted there; by itself, when absent. */
  work?: Work;
}

/** What this object writes under thread/ is told as its own files are, whose store does it. */
function told(space: Space, storage: DurableObjectStorage, thread: ThreadId): Space {
  return {
    ...space,
    async write(at, write) {
      const info = await space.write(at, write);
      tellChange(storage, { path: at.path, thread, etag: info.etag });
      return info;
    },
    async remove(at, basedOn) {
      const info = await space.remove(at, basedOn);
      tellChange(storage, { path: at.path, thread, etag: null });
      return info;
    },
  };
}

/** One row of a listing. */
const rowMs = 0.02;
/** No path of a file, so that no file waits for a search. */
const searches = "//find";
const largeWrites = "//large";

/** The files that `user` sees from `thread`: their own ones, and under thread/ those everyone there shares. */
export function fileTree(parts: TreeParts): FileTree & FileHistory {
  const { bucket, storage, user, thread, turn, now } = parts;
  const actor = { user, thread, turn, now, author: parts.author ?? user };
  const own = ownSpace(bucket, storage, actor);
  const shared = told(sharedSpace(bucket, actor), storage, thread);
  const spaceOf = (at: TreePath): Space => (at.prefix === "thread" ? shared : own);

  const work = parts.work ?? new Work({ budgetMs: Infinity });
  const { callMs } = limits.work;

  async function list(folder: string, cursor?: string) {
    await work.spend(callMs);
    const within = parseFolder(folder);
    // A cursor is the last path of the page before: checked like every path.
    const after = cursor ? parseFile(cursor).path : "";
    const roots = within ? [within] : prefixes.map((prefix) => ({ prefix, rest: "", path: prefix }));
    const most = limits.files.maxListed;
    const files = [];
    for (const root of roots) {
      if (files.length > most) break;
      if (after && after > `${root.prefix}0`) continue;
      files.push(...(await spaceOf(root).list(root, after, most + 1 - files.length)));
    }
    const page = files.slice(0, most);
    await work.spend(page.length * rowMs);
    return { files: page, cursor: files.length > most ? (page.at(-1)?.path ?? null) : null };
  }

  async function read(at: TreePath, range?: { offset: number; length: number }): Promise<FileRead> {
    await work.spend(callMs);
    const found = await spaceOf(at).read(at, range);
    await work.spend(bytesMs(found.bytes.length));
    return found;
  }

  const tree: FileTree & FileHistory = {
    async read(path, range) {
      const at = parseFile(path);
      return read(at, range);
    },
    async stat(path) {
      const at = parseFile(path);
      await work.spend(callMs);
      return spaceOf(at).stat(at);
    },
    async write(path, content, options = {}) {
      const at = parseFile(path);
      const { writeMs, writeBytesPerMs, largeFileBytes } = limits.work;
      const costMs = writeMs + content.length / writeBytesPerMs;
      if (content.length < largeFileBytes) await work.spend(costMs);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      if (bytes.byteLength > limits.files.maxBytes) throw tooLarge(at.path, bytes.byteLength);
      const mediaType = cleanType(options.mediaType) ?? typeOfName(at.path);
      const { basedOn } = options;
      const put = () => spaceOf(at).write(at, { bytes, mediaType, ...(basedOn === undefined ? {} : { basedOn }) });
      if (content.length < largeFileBytes) return put();
      return inTurn(storage, largeWrites, async () => {
        // Paid for when it is its turn: who has nothing left by then does no more.
        await work.spend(costMs);
        return put();
      });
    },
    list,
    // One search of a person at a time: each goes through hundreds of files, and several at once are no faster.
    find: (query) => inTurn(storage, searches, () => find(tree, query, work)),
    async remove(path, options = {}) {
      const at = parseFile(path);
      await work.spend(callMs);
      return spaceOf(at).remove(at, options.basedOn);
    },
    async move(from, to) {
      const source = parseFile(from);
      const target = parseFile(to);
      if (source.path === target.path)
        throw new KernelError(
          "input.invalid",
          `${source.path} is its own place already: give another path to move to.`,
        );
      const { info, bytes } = await read(source);
      await work.spend(limits.work.writeMs + bytes.length / limits.work.writeBytesPerMs);
      // Written before it is removed: a crash in between leaves two of it, never none.
      const kept = typeOfName(target.path) === "application/octet-stream" ? info.mediaType : typeOfName(target.path);
      const moved = await spaceOf(target).write(target, { bytes, mediaType: kept, basedOn: null });
      await spaceOf(source).remove(source, info.etag);
      return moved;
    },
    async versions(path) {
      const at = parseFile(path);
      return spaceOf(at).versions(at);
    },
    async readVersion(path, n) {
      const at = parseFile(path);
      const space = spaceOf(at);
      const version = (await space.versions(at)).find((one) => one.n === n && !one.tombstone);
      const bytes = version ? await space.content(version.sha256) : null;
      if (!bytes) throw notFound(`${at.path} in version ${n}`);
      return bytes;
    },
  };
  return tree;
}
