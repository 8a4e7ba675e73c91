import { BlockList, isIP } from "node:net";

/** Source: the IANA special-purpose address registries for IPv4 and IPv6. */
const closed4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;
/** Inside of 2000::/3: special purposes with Teredo, documentation, and 6to4, which carries an IPv4 address. */
const closed6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const v4 = new BlockList();
for (const [net, prefix] of closed4) v4.addSubnet(net, prefix, "ipv4");
const v6 = new BlockList();
for (const [net, prefix] of closed6) v6.addSubnet(net, prefix, "ipv6");
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");

/**
 * Whether an address (not a name) is one of the public Internet. Of IPv6 only what is globally assigned is; IPv4 in
 * IPv6's clothes (`::ffff:10.0.0.1`, `64:ff9b::`) never is.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !v4.check(address);
    case 6:
      // A zone (`fe80::1%eth0`) is of this machine's own links, and a dot is of IPv4 (`2606::1.2.3.4`).
      return !/[%.]/.test(address) && global6.check(address, "ipv6") && !v6.check(address, "ipv6");
    default:
      return false;
  }
}
