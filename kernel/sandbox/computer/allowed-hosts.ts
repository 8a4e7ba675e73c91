import { z } from "zod";

/** Of a whole name (RFC 1035). */
const maxHostChars = 253;
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostPattern = new RegExp(`^(?:\\*\\.)?(?:${label}\\.)+${label}$`);

/** What an owner puts on a list: `api.example.com`, or `*.example.com` for every host below it (and not itself). */
export const AllowedHost = z
  .string()
  .max(maxHostChars)
  .transform((text) => text.toLowerCase())
  .pipe(
    z.string().regex(hostPattern, "a host is a name such as api.example.com or *.example.com, without port or path"),
  );

const ports = new Set([80, 443]);
const target = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

export type Verdict = { allowed: true; host: string } | { allowed: false; reason: string };

/** A host as it is judged and looked up: lower case, without the last dot. Null when it is no host name. */
export function plainHost(host: string): string | null {
  const plain = host.toLowerCase().replace(/\.$/, "");
  return plain.length <= maxHostChars && target.test(plain) ? plain : null;
}

function matches(host: string, pattern: string): boolean {
  // No host begins with a dot, so what ends like `.example.com` has something before it.
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}

/** Whether a box may ask for a host, by name. What the name stands for is judged afterwards, by address. */
export function mayReach(hostGiven: string, port: number, allowed: readonly string[]): Verdict {
  const host = plainHost(hostGiven);
  if (host === null)
    return {
      allowed: false,
      reason: "That is not a host name. Addresses and odd forms are not reachable from a computer.",
    };
  if (!ports.has(port))
    return { allowed: false, reason: `Port ${port} of ${host} is closed: a computer reaches ports 80 and 443 only.` };
  if (!allowed.some((pattern) => matches(host, pattern)))
    return {
      allowed: false,
      reason: `${host} is not on this computer's list of allowed hosts, so it cannot be reached. Its owner can allow ${host} in their settings.`,
    };
  return { allowed: true, host };
}
