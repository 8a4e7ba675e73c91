import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

describe("B13 the deckhand command in a box", () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  /** A proxy that answers as a Kernel would. */
  async function proxy(answer: { status?: number; body: string }) {
    const seen: { url: string | undefined; body: string }[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        seen.push({ url: request.url, body });
        response.writeHead(answer.status ?? 200).end(answer.body);
      });
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  async function run(words: string[], http_proxy: string, stdin = "") {
    const path = `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`;
    const child = spawn(join(import.meta.dirname, "deckhand"), words, {
      env: { PATH: path, http_proxy, DECKHAND_CALL: "call-1" },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (stdout += part.toString()));
    child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
    child.stdin.end(stdin);
    const [code] = (await once(child, "close")) as [number];
    return { code, stdout, stderr };
  }

  it("sends its words through the box's way out, and prints and ends as it is told", async () => {
    const { url, seen } = await proxy({ body: JSON.stringify({ exitCode: 3, stdout: "out\n", stderr: "err\n" }) });
    expect(await run(["write_file", "--path", "home/a b"], url)).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
    expect(seen.map((one) => one.url)).toEqual(["http://deckhand.internal/command"]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      words: ["write_file", "--path", "home/a b"],
      stdin: null,
      call: "call-1",
    });
  });

  it("reads stdin only when a word asks for it", async () => {
    const { url, seen } = await proxy({ body: JSON.stringify({ exitCode: 0, stdout: "", stderr: "" }) });
    await run(["write_file", "--content", "-"], url, "héllo");
    expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ stdin: "héllo" });
  });

  it("says what is wrong when the Kernel refuses or is not there", async () => {
    const { url } = await proxy({ status: 403, body: "No command of a turn is running.\n" });
    expect(await run(["x"], url)).toMatchObject({ code: 1, stderr: "deckhand: No command of a turn is running.\n" });
    const gone = await run(["x"], "http://127.0.0.1:1");
    expect([gone.code, gone.stderr]).toEqual([1, "deckhand: the Kernel cannot be reached (ECONNREFUSED)\n"]);
  });
});
