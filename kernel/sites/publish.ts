import type { Clock } from "../clock.ts";
import { KernelError } from "../errors.ts";
import { keys } from "../files/keys.ts";
import type { FileInfo, FileTree } from "../files/types.ts";
import type { UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import { checkSlug, planSite } from "./plan.ts";
import { readPublication } from "./publication.ts";
import type { Publication, Sites } from "./types.ts";

export interface SitesParts {
  bucket: R2Bucket;
  files: FileTree;
  user: UserId;
  /** Where the Worker is reached, without a slash at the end. */
  publicUrl: string;
  now: Clock;
}

/** The sites of one person. A slug is claimed by the first publication and is that person's from then on. */
export function sites({ bucket, files, user, publicUrl, now }: SitesParts): Sites {
  const urlOf = (slug: string): string => `${publicUrl.replace(/\/+$/, "")}/sites/${slug}/`;

  async function filesOf(slug: string): Promise<FileInfo[]> {
    const all: FileInfo[] = [];
    let cursor: string | undefined;
    do {
      const page = await files.list(`sites/${slug}`, cursor);
      all.push(...page.files.filter((info) => info.path !== `sites/${slug}`));
      cursor = page.cursor ?? undefined;
      // One more than the limit is enough to refuse it.
    } while (cursor && all.length <= limits.site.maxFiles);
    return all;
  }

  return {
    async plan(slug, title) {
      checkSlug(slug);
      const current = (await readPublication(bucket, slug))?.publication ?? null;
      return planSite({ slug, title, user, current, files: await filesOf(slug) });
    },

    async publish(slug, digest, title) {
      checkSlug(slug);
      const current = await readPublication(bucket, slug);
      // This very plan is public already: the call is a repeat after a crash.
      if (current && current.publication.owner === user && current.digest === digest)
        return { publication: current.publication, url: urlOf(slug) };
      const plan = await planSite({
        slug,
        title,
        user,
        current: current?.publication ?? null,
        files: await filesOf(slug),
      });
      if (plan.digest !== digest) throw changedSince(slug);
      const publication: Publication = {
        slug,
        owner: user,
        title: plan.title,
        version: (current?.publication.version ?? 0) + 1,
        publishedAt: now(),
        files: plan.files,
      };
      const put = await bucket.put(keys.publication(slug), JSON.stringify(publication), {
        onlyIf: current ? { etagMatches: current.etag } : { etagDoesNotMatch: "*" },
        httpMetadata: { contentType: "application/json" },
        customMetadata: { digest },
      });
      if (put) return { publication, url: urlOf(slug) };
      const winner = await readPublication(bucket, slug);
      if (winner && winner.publication.owner !== user)
        throw new KernelError(
          "site.taken",
          `The name ${slug} was taken by somebody else just now. Choose another one.`,
        );
      throw changedSince(slug);
    },
  };
}

const changedSince = (slug: string): KernelError =>
  new KernelError(
    "approval.changed",
    `The files of ${slug} or what is public there have changed since it was approved. Ask again: the new card shows what would be published now.`,
  );
