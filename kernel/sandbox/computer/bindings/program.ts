/*
 * The `deckhand` command as it lies in a box: a few lines of JavaScript for whatever Node the box has. It knows no tool
 * and holds no secret. It sends its words to http://deckhand.internal/, a host that leads to nothing but the Kernel of
 * the box's person, and prints what comes back; by which box a request comes is known where it arrives.
 */

/** Where the command lies; this folder goes first in the session's PATH. */
export const commandFolder = "/home/box/.deckhand/bin";
/** The variable that says under which call of a turn a command runs. */
export const callVariable = "DECKHAND_CALL";
export const commandHost = "deckhand.internal";
export const commandPath = "/command";

const maxStdinBytes = 1_000_000;
/** A person may take a while to decide. */
const waitMs = 11 * 60_000;

const program = `import { request } from "node:http";
const words = process.argv.slice(2);
const fail = (text) => { process.stderr.write("deckhand: " + text + "\\n"); process.exit(1); };
let stdin = null;
if (words.some((word) => word === "-" || word.endsWith("=-"))) {
  const parts = []; let size = 0;
  for await (const part of process.stdin) {
    size += part.length;
    if (size > ${maxStdinBytes}) fail("more than ${maxStdinBytes} bytes came in on stdin");
    parts.push(part);
  }
  stdin = Buffer.concat(parts).toString("utf8");
}
const body = JSON.stringify({ words, stdin, call: process.env.${callVariable} ?? "" });
const target = "http://${commandHost}${commandPath}";
const proxy = process.env.http_proxy ? new URL(process.env.http_proxy) : null;
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), host: "${commandHost}" };
const where = proxy
  ? { host: proxy.hostname, port: proxy.port, path: target }
  : { host: "${commandHost}", port: 80, path: "${commandPath}" };
const sent = request({ ...where, method: "POST", headers, timeout: ${waitMs} }, async (response) => {
  const parts = [];
  for await (const part of response) parts.push(part);
  const text = Buffer.concat(parts).toString("utf8");
  if (response.statusCode !== 200) fail(text.trim() || "the Kernel answered " + response.statusCode);
  const result = JSON.parse(text);
  process.stdout.write(result.stdout, () => process.stderr.write(result.stderr, () => process.exit(result.exitCode)));
});
sent.on("timeout", () => fail("no answer came"));
sent.on("error", (error) => fail("the Kernel cannot be reached (" + error.code + ")"));
sent.end(body);
`;

/** Official images have a node; a jail has its own. */
const launcher = `#!/bin/sh
exec "$(command -v node || echo /opt/deckhand/node)" "$(dirname "$0")/deckhand.mjs" "$@"
`;

/** The files of the command, by name. */
export const commandFiles: Record<string, string> = { deckhand: launcher, "deckhand.mjs": program };
