import { fc } from "../../../test/fast-check.ts";
import { describe, expect, it, test } from "vitest";
import { hostOwner } from "./preview-host.ts";
import { BoxLabel, newSecret, previewLabel } from "./preview-label.ts";
import { BoxName } from "./types.ts";

const parts = {
  port: 8000,
  name: BoxName.parse("main"),
  box: BoxLabel.parse("abcdefghij"),
  secret: newSecret(),
};
const label = previewLabel.make(parts);
const laptop = "http://127.0.0.1:8787";
const deployed = "https://deck.example.com";
const of = (url: string, publicUrl = laptop) => hostOwner(url, publicUrl).of;

describe("C4 a request is the Worker's, one preview's, or nobody's", () => {
  it.each([
    `http://${label}.localhost:8787/`,
    `http://${label}.localhost.:8787/health`,
    `http://${label}.localhost../`,
    `http://${label.toUpperCase()}.LOCALHOST./`,
    `http://${label}.local%68ost/`,
    `http://${label}.localhost%2e/`,
    `http://${label}.localhost%2E:8787/`,
    `http://${label}.localhost。/`,
    `http://${label}.ｌｏｃａｌｈｏｓｔ/`,
    `http://${label}．localhost:80/`,
    `http://user:word@${label}.localhost:1/`,
  ])("%s is the preview's", (url) => expect(hostOwner(url, laptop)).toEqual({ of: "preview", parts }));

  it.each([
    `http://x${label}.localhost/`,
    `http://${label}x.localhost./health`,
    `http://${label}..localhost/`,
    `http://.${label}.localhost/`,
    `http://a.${label}.localhost/`,
    `http://${label}.a.localhost/`,
    `http://health.localhost/health`,
    `http://.localhost/`,
    `http://${label}/`,
    `http://${label}./`,
    `http://${label}.evil.com/`,
    `http://a.${label}.evil.com./`,
    `http://${label}.127.0.0.1/`,
    `http://${label}.127.0.0.1./`,
    `http://${label}.localhost:99999/`,
    `http://${label}.local host/`,
    `http://${label}.localhost%00/`,
    `http://[${label}.localhost]/`,
    `//${label}.localhost/`,
    "http://./",
    "",
  ])("%s is nobody's", (url) => expect(of(url)).toBe("nobody"));

  it.each([
    "http://127.0.0.1:8787/",
    "http://localhost:1/",
    "http://LOCALHOST./",
    "http://127.1/",
    "http://[::1]:8787/",
    "https://deckhand.someone.workers.dev/",
  ])("%s is the Worker's", (url) => expect(of(url)).toBe("worker"));

  it("deployed, a preview is below the Worker's own name, with or without a dot at the end of either", () => {
    for (const publicUrl of [deployed, "https://deck.example.com.", "https://DECK.example.com:8443/x"]) {
      expect(hostOwner(`https://${label}.deck.example.com/`, publicUrl)).toEqual({ of: "preview", parts });
      expect(hostOwner(`https://${label}.deck.example.com./`, publicUrl)).toEqual({ of: "preview", parts });
      expect(of("https://deck.example.com./", publicUrl)).toBe("worker");
      expect(of(`https://${label}.example.com/`, publicUrl)).toBe("nobody");
      expect(of(`https://${label}.deck.example.com.evil.com/`, publicUrl)).toBe("nobody");
      expect(of("https://deck.example.com.evil.com/", publicUrl)).toBe("worker");
      expect(of(`https://${label}.localhost/`, publicUrl)).toBe("nobody");
    }
  });

  it("without an address of the Worker's own there are no previews, and a link is still nobody's", () => {
    expect(of(`http://${label}.localhost/`, "not an address")).toBe("nobody");
    expect(of("http://127.0.0.1/", "not an address")).toBe("worker");
  });
});

test("C4 however a name below the host is written, it is never the Worker's", () => {
  const dots = fc.stringMatching(/^\.{0,3}$/, { size: "max" });
  const written = fc.constantFrom("localhost", "LocalHost", "local%68ost", "ｌocalhost", "localhos%74");
  const before = fc.oneof(fc.constant(label), fc.stringMatching(/^[a-zA-Z0-9.%-]{1,70}$/, { size: "max" }));
  const port = fc.constantFrom("", ":80", ":8787", ":65535", ":0");
  fc.assert(
    fc.property(before, written, dots, port, (name, host, end, at) => {
      expect(of(`http://${name}.${host}${end}${at}/health`)).not.toBe("worker");
    }),
    { numRuns: 2_000 },
  );
});
