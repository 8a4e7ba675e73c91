import { keys } from "../files/keys.ts";
import { Publication } from "./types.ts";

export interface Published {
  etag: string;
  /** Of the plan that was approved. */
  digest: string;
  publication: Publication;
}

/** What is public under a slug, as R2 holds it; null when nothing is. */
export async function readPublication(bucket: R2Bucket, slug: string): Promise<Published | null> {
  const object = await bucket.get(keys.publication(slug));
  if (!object) return null;
  const publication = Publication.parse(await object.json());
  return { etag: object.etag, digest: object.customMetadata?.["digest"] ?? "", publication };
}
