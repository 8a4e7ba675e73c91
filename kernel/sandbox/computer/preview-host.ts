import { previewLabel, type PreviewParts } from "./preview-label.ts";

/**
 * Whose a request is, by the name it was sent to: the Worker's own; one preview's, whose link it may or may not be; or
 * nobody's, where nothing is served.
 */
export type HostOwner = { of: "worker" } | { of: "preview"; parts: PreviewParts } | { of: "nobody" };

const worker: HostOwner = { of: "worker" };
const nobody: HostOwner = { of: "nobody" };

/** The name without the dot at its end, by which DNS knows the same host; null for what is no address. */
function nameOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  // Upper case, percents, wide letters and odd numbers are made plain by the parser already.
  return new URL(url).hostname.replace(/\.+$/, "");
}

const laptop = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/**
 * Decides once for each request. All below the host of previews is theirs, whatever it is called, and so is what has the
 * form of a link of ours under any other name: none of it ever reaches a route of the Worker.
 */
export function hostOwner(url: string, publicUrl: string): HostOwner {
  const name = nameOf(url);
  if (name === null || name === "") return nobody;
  const own = nameOf(publicUrl);
  const host = own !== null && laptop.test(own) ? "localhost" : own;
  if (name === own || name === host) return worker;
  if (host !== null && name.endsWith(`.${host}`)) {
    const parts = previewLabel.parse(name.slice(0, -host.length - 1));
    return parts === null ? nobody : { of: "preview", parts };
  }
  return name.split(".").some((label) => previewLabel.parse(label) !== null) ? nobody : worker;
}
