import { describe, expect, it } from "vitest";
import { commandOf, suggestions } from "./commands.ts";

const commands = [{ command: "/deckhand", description: "Ask it", usage: "help | threads | stop" }];
const texts = (text: string) => suggestions(commands, text).map((one) => one.text);

describe("a slash command being written", () => {
  it("is suggested from its first letter, and then what may follow it", () => {
    expect(texts("/")).toEqual(["/deckhand "]);
    expect(texts("/dec")).toEqual(["/deckhand "]);
    expect(texts("/deckhand ")).toEqual(["/deckhand help", "/deckhand threads", "/deckhand stop"]);
    expect(texts("/deckhand st")).toEqual(["/deckhand stop"]);
  });

  it("is left alone when it is written out, unknown, or no command", () => {
    for (const text of ["/deckhand", "/deckhand stop", "/deckhand stop now", "/other", "hello /", ""]) {
      expect(texts(text)).toEqual([]);
    }
  });

  it("is told from a path", () => {
    expect(commandOf("/deckhand stop it")).toEqual({ command: "/deckhand", rest: "stop it" });
    expect(commandOf("/deckhand")).toEqual({ command: "/deckhand", rest: "" });
    expect(commandOf("/sites/x")).toBeNull();
  });
});
