import { z } from "zod";
import { UserId } from "../ids.ts";

/** One file of a published site: the URL path below the site and the exact bytes that were approved. */
export const SiteFile = z.object({
  path: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  mediaType: z.string(),
});
export type SiteFile = z.infer<typeof SiteFile>;

/** What is served at `/sites/<slug>/`: stored in R2 at `published/<slug>.json`, so serving wakes no Durable Object. */
export const Publication = z.object({
  slug: z.string(),
  owner: UserId,
  title: z.string(),
  /** Counts from 1. */
  version: z.number().int().positive(),
  publishedAt: z.number(),
  files: z.array(SiteFile),
});
export type Publication = z.infer<typeof Publication>;

export interface SitePlan {
  slug: string;
  title: string;
  files: SiteFile[];
  /** What changes against what is public now. */
  added: string[];
  changed: string[];
  removed: string[];
  /** Hash of slug, title, the version it replaces and every file's hash: what the approval is bound to. */
  digest: string;
}

export interface Sites {
  /** What publishing `sites/<slug>/` would put on the web now. Throws `site.invalid`, `site.taken`, `site.not_found`. */
  plan(slug: string, title?: string): Promise<SitePlan>;
  /** Publishes exactly the plan with this digest, or throws `approval.changed`. */
  publish(slug: string, digest: string, title?: string): Promise<{ publication: Publication; url: string }>;
}
