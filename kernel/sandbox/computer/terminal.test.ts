import { expect, test } from "vitest";
import { UserId } from "../../ids.ts";
import { plainUpgrade, readTerminalHeader, terminalHeaderValue } from "./terminal.ts";

const ada = UserId.parse("slack:T1:U0ADA");

test("the header says whose terminal it is and how large, and is read back as it was", () => {
  expect(readTerminalHeader(terminalHeaderValue(ada, { cols: 80, rows: 24 }))).toEqual({
    owner: ada,
    cols: 80,
    rows: 24,
  });
  for (const wrong of [null, "", "80 24", "80 24 nobody", "80 0 slack:T1:U0ADA", "80 24 slack:T1:U0ADA x"])
    expect(readTerminalHeader(wrong)).toBeNull();
});

test("nothing of the page's request goes into the box but that it is a WebSocket", () => {
  const request = new Request("http://127.0.0.1/local/terminal/main?user=U1", {
    headers: { upgrade: "websocket", cookie: "a=b", "x-slack-signature": "v0=1", "sec-websocket-key": "k" },
  });
  const plain = plainUpgrade(request);
  expect(Object.fromEntries(plain.headers)).toMatchObject({ upgrade: "websocket", "sec-websocket-key": "k" });
  expect(plain.headers.has("cookie") || plain.headers.has("x-slack-signature")).toBe(false);
  expect(plain.url).toBe("http://localhost/");
});
