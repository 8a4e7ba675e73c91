import { z } from "zod";
import { limits } from "../limits.ts";
import { keepContent, keptContent } from "./content.ts";
import type { FileVersion } from "./history.ts";
import { keys } from "./keys.ts";
import { typeOfName } from "./media-type.ts";
import type { TreePath } from "./paths.ts";
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
import type { FileInfo } from "./types.ts";

/** What an object under thread/ says about itself; several people's Kernels write it, so its index is the object. */
const Note = z.object({
  sha256: z.string(),
  version: z.coerce.number().int().positive(),
  author: z.string(),
  at: z.coerce.number(),
  turn: z.string().optional(),
  tombstone: z.literal("1").optional(),
});
type Note = z.infer<typeof Note>;

const inMetadata = (note: Note): Record<string, string> => {
  const { turn, tombstone, ...rest } = note;
  const entries = Object.entries({ ...rest, ...(turn ? { turn } : {}), ...(tombstone ? { tombstone } : {}) });
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
};

interface Seen {
  object: R2Object;
  note: Note;
}

const infoOf = (path: string, { object, note }: Seen): FileInfo => ({
  path,
  sizeBytes: object.size,
  mediaType: object.httpMetadata?.contentType ?? typeOfName(path),
  sha256: note.sha256,
  version: note.version,
  etag: object.etag,
  updatedAt: note.at,
});

/**
 * The files of a thread, the same for everyone in it. A write is the bytes under their hash, then what the object was
 * until now into its history, then the object on condition that it has not moved: two Kernels that write at once get
 * two versions. R2 cannot delete on a condition, so a removal is a conditional put too, of an object marked as a
 * tombstone; the version goes on counting from it.
 */
export function sharedSpace(bucket: R2Bucket, actor: Actor): Space {
  const { thread } = actor;
  const keyOf = (at: TreePath) => keys.shared(thread, at.rest);

  /** The object with its note; one that was put past the tree gets a note that counts on from the history. */
  async function seen(at: TreePath): Promise<Seen | null> {
    const object = await bucket.head(keyOf(at));
    if (!object) return null;
    const note = Note.safeParse(object.customMetadata);
    if (note.success) return { object, note: note.data };
    if (object.size > limits.files.maxBytes) throw tooLarge(at.path, object.size);
    const body = await bucket.get(keyOf(at), { onlyIf: { etagMatches: object.etag } });
    if (!body || !("body" in body)) throw changed(at.path);
    const bytes = new Uint8Array(await body.arrayBuffer());
    const hash = await sha256(bytes);
    await keepContent(bucket, thread, hash, bytes);
    const [last] = await past(at);
    const version = (last?.n ?? 0) + 1;
    return { object, note: { sha256: hash, version, author: "outside", at: object.uploaded.getTime() } };
  }

  const live = (now: Seen | null): now is Seen => now !== null && !now.note.tombstone;

  async function past(at: TreePath): Promise<FileVersion[]> {
    const prefix = keys.past(thread, at.rest, 0).slice(0, -8);
    const found: FileVersion[] = [];
    let cursor: string | undefined;
    do {
      const page = await bucket.list({
        prefix,
        delimiter: "/",
        include: ["customMetadata", "httpMetadata"],
        ...(cursor ? { cursor } : {}),
      });
      for (const object of page.objects) {
        const note = Note.safeParse(object.customMetadata);
        if (note.success) found.push(versionOf(note.data, Number(object.customMetadata?.["size"] ?? 0), object));
      }
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor && found.length < limits.files.maxListed);
    return found;
  }

  const versionOf = (note: Note, sizeBytes: number, object: R2Object): FileVersion => ({
    n: note.version,
    sha256: note.sha256,
    sizeBytes: note.tombstone ? 0 : sizeBytes,
    mediaType: object.httpMetadata?.contentType ?? "application/octet-stream",
    author: note.author,
    at: note.at,
    thread,
    turn: note.turn ?? null,
    tombstone: note.tombstone === "1",
  });

  async function rememberPast(at: TreePath, { object, note }: Seen): Promise<void> {
    await bucket.put(keys.past(thread, at.rest, note.version), "", {
      onlyIf: { etagDoesNotMatch: "*" },
      httpMetadata: { contentType: infoOf(at.path, { object, note }).mediaType },
      customMetadata: { ...inMetadata(note), size: String(object.size) },
    });
  }

  const nextNote = (now: Seen | null, hash: string): Note => ({
    sha256: hash,
    version: (now?.note.version ?? 0) + 1,
    author: actor.author,
    at: actor.now(),
    ...(actor.turn ? { turn: actor.turn } : {}),
  });

  return {
    async stat(at) {
      const now = await seen(at);
      return live(now) ? infoOf(at.path, now) : null;
    },

    async read(at, range) {
      const now = await seen(at);
      if (!live(now)) throw notFound(at.path);
      const info = infoOf(at.path, now);
      if (!range && info.sizeBytes > limits.files.maxBytes) throw tooLarge(at.path, info.sizeBytes);
      const part = clampRange(info.sizeBytes, range ?? { offset: 0, length: info.sizeBytes });
      if (part.length === 0) return { info, bytes: new Uint8Array() };
      const object = await bucket.get(keyOf(at), { range: part, onlyIf: { etagMatches: info.etag } });
      if (!object || !("body" in object)) throw changed(at.path);
      return { info, bytes: new Uint8Array(await object.arrayBuffer()) };
    },

    async write(at, { bytes, mediaType, basedOn }) {
      const hash = await sha256(bytes);
      for (let race = 0; race < maxRaces; race++) {
        const now = await seen(at);
        const current = live(now) ? infoOf(at.path, now) : null;
        checkBase(at.path, current, basedOn);
        if (current?.sha256 === hash && current.mediaType === mediaType) return current;
        await keepContent(bucket, thread, hash, bytes);
        if (now) await rememberPast(at, now);
        const note = nextNote(now, hash);
        const object = await bucket.put(keyOf(at), bytes, {
          onlyIf: unlessMoved(now?.object ?? null),
          sha256: hash,
          httpMetadata: { contentType: mediaType },
          customMetadata: inMetadata(note),
        });
        if (object) return { ...infoOf(at.path, { object, note }), mediaType };
      }
      throw changed(at.path);
    },

    async remove(at, basedOn) {
      for (let race = 0; race < maxRaces; race++) {
        const now = await seen(at);
        if (!live(now)) throw notFound(at.path);
        const info = infoOf(at.path, now);
        checkBase(at.path, info, basedOn);
        await rememberPast(at, now);
        const note = { ...nextNote(now, now.note.sha256), tombstone: "1" as const };
        // Its own text each time, so that no other object has its etag.
        const put = await bucket.put(keyOf(at), `removed ${crypto.randomUUID()}`, {
          onlyIf: unlessMoved(now.object),
          customMetadata: inMetadata(note),
        });
        if (put) return info;
      }
      throw changed(at.path);
    },

    async list(within, after, limit) {
      const found: FileInfo[] = [];
      if (within.rest !== "" && within.path > after) {
        const now = await seen(within);
        if (live(now)) found.push(infoOf(within.path, now));
      }
      const base = keys.shared(thread, "");
      const prefix = within.rest === "" ? base : `${base}${within.rest}/`;
      // Where the listing goes on; an R2 cursor and startAfter cannot be mixed, so it is always the last key seen.
      let startAfter = after.startsWith("thread/") ? `${base}${after.slice("thread/".length)}` : "";
      for (let more = true; more && found.length < limit;) {
        const page = await bucket.list({
          prefix,
          include: ["customMetadata", "httpMetadata"],
          limit: limits.files.maxListed,
          ...(startAfter ? { startAfter } : {}),
        });
        for (const object of page.objects) {
          startAfter = object.key;
          const path = `thread/${object.key.slice(base.length)}`;
          const note = Note.safeParse(object.customMetadata);
          const stray = !note.success && (await seen({ prefix: "thread", rest: path.slice(7), path }));
          const now = note.success ? { object, note: note.data } : stray || null;
          if (live(now) && found.length < limit) found.push(infoOf(path, now));
        }
        more = page.truncated;
      }
      return found;
    },

    async versions(at) {
      const now = await seen(at);
      const current = now ? [versionOf(now.note, now.object.size, now.object)] : [];
      return [...current, ...(await past(at))].slice(0, limits.files.maxListed);
    },

    content: (hash) => keptContent(bucket, thread, hash),
  };
}
