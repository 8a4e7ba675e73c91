/*
 * The server listens on 127.0.0.1 only, but any web page in the person's browser can send requests there, by a name that
 * it points to 127.0.0.1 (DNS rebinding) or plainly across origins.
 */
const localHost = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/i;

/** What a browser says of a request of the page itself, or of the person's own. */
const own = new Set(["same-origin", "none"]);

export const isLocalHost = (host: string | undefined): host is string => host !== undefined && localHost.test(host);

/** Why the request is refused, or null. `ownOrigins` are the origins the page may have. */
export function refusal(request: {
  method: string;
  path: string;
  host: string | undefined;
  origin: string | undefined;
  site: string | undefined;
}): string | null {
  const { method, path, host, origin, site } = request;
  if (!isLocalHost(host)) return "This workspace answers only to localhost.";
  const guarded = ["/local", "/control", "/oauth"].some((start) => path === start || path.startsWith(`${start}/`));
  if (!guarded) return null;
  // What is only read is kept by the browser from who asks, but for its size, its pictures and a place among the listeners.
  if (method === "GET" && !path.startsWith("/control"))
    return path.startsWith("/local/") && site !== undefined && !own.has(site) ? "Another site may not see that." : null;
  if (origin !== undefined && origin !== `http://${host}`) return "Another site may not do that.";
  if (site !== undefined && !own.has(site)) return "Another site may not do that.";
  return null;
}
