import { describe, expect, test } from "vitest";
import { AllowedHost, mayReach, plainHost } from "./allowed-hosts.ts";

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
    ["a..python.org", 443],
    [".python.org", 443],
    ["..python.org", 443],
    ["www.python.org..", 443],
    ["*.python.org", 443],
    ["a_b.python.org", 443],
    ["evil.net/.python.org", 443],
    ["evil.net#.python.org", 443],
    ["evil.net:443.python.org", 443],
    ["evil.net\n.python.org", 443],
    ["www.python.org\n", 443],
    [" www.python.org", 443],
    ["www.python.org ", 443],
    [`${"a.".repeat(126)}python.org`, 443],
  ])("%s:%d is closed", (host, port) => {
    const verdict = mayReach(host, port, list);
    expect(verdict.allowed).toBe(false);
    expect(verdict).toHaveProperty("reason", expect.stringMatching(/\.$/));
  });

  test("a host is judged and looked up in lower case and without its last dot", () => {
    expect(plainHost("WWW.Python.Org.")).toBe("www.python.org");
    expect(plainHost("a".repeat(253))).toBe("a".repeat(253));
    expect(plainHost("a".repeat(254))).toBeNull();
    for (const odd of ["", ".", "..", ".a.b", "a..b", "a.b..", "a_b", "[::1]"]) expect(plainHost(odd), odd).toBeNull();
    expect(mayReach("WWW.Python.Org.", 443, list)).toEqual({ allowed: true, host: "www.python.org" });
  });

  test("a refusal says which of name, port and list it was", () => {
    expect(mayReach("[::1]", 443, list)).toHaveProperty("reason", expect.stringContaining("not a host name"));
    expect(mayReach("api.example.com", 22, list)).toHaveProperty(
      "reason",
      expect.stringMatching(/^Port 22 of api\.example\.com is closed/),
    );
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
    "",
    ".",
    "*.",
    "x*.example.com",
    "**.example.com",
    ".example.com",
    "example.com.",
    "example-.com",
    "example.-com",
    "example.com\n",
    "\nexample.com",
    " example.com",
    "example.com/",
    "a@example.com",
    "127.0.0.1:80",
    `${"a".repeat(64)}.com`,
    `example.${"a".repeat(64)}`,
    `${"a.".repeat(126)}co`,
  ])("%j cannot be put on a list, and the sentence says what can", (text) =>
    expect(AllowedHost.safeParse(text).error?.issues[0]?.message).toMatch(/a host is a name such as|<=253/),
  );

  test.each([
    "example.com",
    "*.example.com",
    "a.b",
    "1.example.com",
    "a-b.example.com",
    `${"a".repeat(63)}.com`,
    `${"a.".repeat(125)}com`,
  ])("%j can be put on a list", (text) => expect(AllowedHost.parse(text)).toBe(text));
  test("a host is listed in lower case", () => expect(AllowedHost.parse("*.Example.COM")).toBe("*.example.com"));
});
