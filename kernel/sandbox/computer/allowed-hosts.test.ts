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
