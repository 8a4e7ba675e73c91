const schemes = new Set(["http:", "https:", "mailto:"]);

/** The address when a reader may be sent there (http, https, mailto), else null: `javascript:` and the like stay text. */
export function safeUrl(value: string): string | null {
  const trimmed = value.trim();
  if (!URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  return schemes.has(url.protocol) ? url.href : null;
}

/** The path when an image may be loaded: only from this workspace, so that a message cannot make the page call out. */
export function ownUrl(value: string, origin: string): string | null {
  if (!URL.canParse(value, origin)) return null;
  const url = new URL(value, origin);
  return url.origin === origin ? url.pathname + url.search : null;
}

/** True when the text of a link claims another host than the one it leads to. */
export function hidesHost(label: string, url: string): boolean {
  const claimed = /^(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/:?#]|$)/i.exec(label.trim())?.[1];
  if (claimed === undefined || !URL.canParse(url)) return false;
  const host = new URL(url).hostname.toLowerCase();
  return host !== "" && claimed.toLowerCase().replace(/^www\./, "") !== host.replace(/^www\./, "");
}
