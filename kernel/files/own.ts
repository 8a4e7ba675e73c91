import { breathe } from "../breathe.ts";
import { limits } from "../limits.ts";
import { keepContent, keptContent } from "./content.ts";
import { inTurn } from "./in-turn.ts";
import { keys } from "./keys.ts";
import { typeOfName } from "./media-type.ts";
import { type TreePath, parseFile } from "./paths.ts";
import { sha256 } from "../sha256.ts";
import {
  type Actor,
  type Space,
  changed,
  checkBase,
  clampRange,
  maxRaces,
  notFound,
  tooLarge,
  unlessMoved,
} from "./space.ts";
import { FileStore } from "./store.ts";
import type { FileInfo } from "./types.ts";

/**
 * A person's own files: home/, uploads/, sites/. Order of a write: a pending mark, the bytes under their hash, the
 * object (on condition that it has not moved), the index. Whatever point a crash hits, no version is lost, and the next
 * look at the path brings the index in line with the object.
 */
export function ownSpace(bucket: R2Bucket, storage: DurableObjectStorage, actor: Actor): Space {
  const store = new FileStore(storage);
  const keyOf = (at: TreePath) => keys.own(actor.user, at.path);
  const by = { author: actor.author, thread: actor.thread, turn: actor.turn };
  const outside = { author: "outside", thread: null, turn: null };

  /** The index row for an object as it is in R2, made when the index has not seen this one. */
  async function indexed(at: TreePath, object: R2Object): Promise<FileInfo> {
    const row = store.get(at.path);
    if (row?.etag === object.etag) {
      store.settled(at.path);
      return row;
    }
    if (object.size > limits.files.maxBytes) throw tooLarge(at.path, object.size);
    const body = await bucket.get(keyOf(at), { onlyIf: { etagMatches: object.etag } });
    if (!body || !("body" in body)) throw changed(at.path);
    const bytes = new Uint8Array(await body.arrayBuffer());
    const hash = await sha256(bytes);
    await keepContent(bucket, actor.user, hash, bytes);
    const { customMetadata: note, httpMetadata } = object;
    // Ours when the crash came between the object and the index; the hash in its note says so.
    const who =
      note?.["sha256"] === hash
        ? { author: note["author"] ?? actor.author, thread: note["thread"] ?? null, turn: note["turn"] ?? null }
        : outside;
    const version = {
      ...who,
      sha256: hash,
      sizeBytes: bytes.length,
      mediaType: httpMetadata?.contentType ?? typeOfName(at.path),
      at: object.uploaded.getTime(),
    };
    return store.commit(at.path, version, object.etag);
  }

  async function look(at: TreePath): Promise<FileInfo | null> {
    const head = await bucket.head(keyOf(at));
    if (head) return indexed(at, head);
    store.bury(at.path, { ...outside, at: actor.now() });
    return null;
  }

  /** Looks at every path that a crash left in the open. */
  async function settle(): Promise<void> {
    for (const path of store.pending(limits.files.maxListed)) {
      const at = parseFile(path);
      await inTurn(storage, path, () => look(at));
    }
  }

  /** Each step with a large file takes long, and on a laptop holds up everybody. */
  const breatheAfter = async (bytes: Uint8Array) => {
    if (bytes.byteLength >= limits.work.largeFileBytes) await breathe();
  };

  return {
    stat: (at) => inTurn(storage, at.path, () => look(at)),

    read: (at, range) =>
      inTurn(storage, at.path, async () => {
        if (!range) {
          const object = await bucket.get(keyOf(at));
          if (!object) store.bury(at.path, { ...outside, at: actor.now() });
          if (!object) throw notFound(at.path);
          if (object.size > limits.files.maxBytes) {
            await object.body.cancel();
            throw tooLarge(at.path, object.size);
          }
          const bytes = new Uint8Array(await object.arrayBuffer());
          return { info: await indexed(at, object), bytes };
        }
        const info = await look(at);
        if (!info) throw notFound(at.path);
        const part = clampRange(info.sizeBytes, range);
        if (part.length === 0) return { info, bytes: new Uint8Array() };
        const object = await bucket.get(keyOf(at), { range: part, onlyIf: { etagMatches: info.etag } });
        if (!object || !("body" in object)) throw changed(at.path);
        return { info, bytes: new Uint8Array(await object.arrayBuffer()) };
      }),

    write: (at, { bytes, mediaType, basedOn }) =>
      inTurn(storage, at.path, async () => {
        const hash = await sha256(bytes);
        await breatheAfter(bytes);
        for (let race = 0; race < maxRaces; race++) {
          const now = await look(at);
          checkBase(at.path, now, basedOn);
          // The same bytes again, a repeated call perhaps: there is nothing new to keep.
          if (now?.sha256 === hash && now.mediaType === mediaType) return now;
          store.begin(at.path);
          await keepContent(bucket, actor.user, hash, bytes);
          await breatheAfter(bytes);
          const note = { sha256: hash, author: by.author, thread: by.thread, ...(by.turn ? { turn: by.turn } : {}) };
          const put = await bucket.put(keyOf(at), bytes, {
            onlyIf: unlessMoved(now),
            sha256: hash,
            httpMetadata: { contentType: mediaType },
            customMetadata: note,
          });
          if (put) {
            const version = { ...by, sha256: hash, sizeBytes: bytes.length, mediaType, at: actor.now() };
            return store.commit(at.path, version, put.etag);
          }
        }
        throw changed(at.path);
      }),

    remove: (at, basedOn) =>
      inTurn(storage, at.path, async () => {
        const now = await look(at);
        if (!now) throw notFound(at.path);
        checkBase(at.path, now, basedOn);
        store.begin(at.path);
        await bucket.delete(keyOf(at));
        store.bury(at.path, { ...by, at: actor.now() });
        return now;
      }),

    async list(within, after, limit) {
      await settle();
      return store.list(within.path, after, limit);
    },

    versions: async (at) => store.versions(at.path, limits.files.maxListed),
    content: (hash) => keptContent(bucket, actor.user, hash),
  };
}
