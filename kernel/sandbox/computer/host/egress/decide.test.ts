import { describe, expect, test } from "vitest";
import { isPublicAddress } from "./address.ts";
import { AllowedHost, mayReach } from "../../allowed-hosts.ts";

describe("which addresses are public", () => {
  test.each(["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])(
    "%s is",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  test.each([
    "127.0.0.1",
    "127.255.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.0.192",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:a00:1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001:0:1::",
    "2001:db8::1",
    "localhost",
    "",
    "1.1.1",
    "0x7f.1",
    "2130706433",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("which hosts a computer may ask for", () => {
  const list = ["api.example.com", "*.python.org"];
  test.each([
    ["api.example.com", 443],
    ["API.Example.COM", 443],
    ["api.example.com.", 80],
    ["www.python.org", 443],
    ["a.b.python.org", 443],
  ])("%s:%d is open", (host, port) => expect(mayReach(host, port, list).allowed).toBe(true));
  test.each([
    ["example.com", 443],
    ["xapi.example.com", 443],
    ["api.example.com.evil.net", 443],
    ["python.org", 443],
    ["evilpython.org", 443],
    ["api.example.com", 22],
    ["api.example.com", 8080],
    ["169.254.169.254", 80],
    ["127.0.0.1", 80],
    ["[::1]", 80],
    ["api.example.com\u0000.evil.net", 443],
    ["api.example.com@evil.net", 443],
    ["ａpi.example.com", 443],
    ["", 443],
    ["..", 443],
  ])("%s:%d is closed", (host, port) => {
    const verdict = mayReach(host, port, list);
    expect(verdict.allowed).toBe(false);
    expect(verdict).toHaveProperty("reason", expect.stringMatching(/\.$/));
  });

  test("nothing is open by default, and the refusal names the host and who can open it", () => {
    const verdict = mayReach("pypi.org", 443, []);
    expect(verdict).toHaveProperty("reason", expect.stringMatching(/pypi\.org.*owner can allow/));
  });

  test.each([
    "*",
    "*.com*",
    "http://example.com",
    "example.com:443",
    "example",
    "a..b",
    "-a.com",
    "*.*.com",
    "a b.com",
  ])("%s cannot be put on a list", (text) => expect(AllowedHost.safeParse(text).success).toBe(false));
  test("a host is listed in lower case", () => expect(AllowedHost.parse("*.Example.COM")).toBe("*.example.com"));
});
