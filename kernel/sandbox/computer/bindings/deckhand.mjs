/*
 * The `deckhand` command of a box, in plain JavaScript for whatever Node the box has. It knows no tool and holds no
 * secret: it sends its words to http://deckhand.internal/, a host that leads to nothing but the Kernel of the box's
 * person, and prints what comes back. From which box a request comes is known where it arrives.
 */
import { request } from "node:http";

const host = "deckhand.internal";
const path = "/command";
const maxStdinBytes = 1_000_000;
/** A person may take a while to decide. */
const waitMs = 11 * 60_000;

const fail = (text) => {
  process.stderr.write(`deckhand: ${text}\n`);
  process.exit(1);
};

const words = process.argv.slice(2);
let stdin = null;
if (words.some((word) => word === "-" || word.endsWith("=-"))) {
  const parts = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += part.length;
    if (size > maxStdinBytes) fail(`more than ${maxStdinBytes} bytes came in on stdin`);
    parts.push(part);
  }
  stdin = Buffer.concat(parts).toString("utf8");
}

const body = JSON.stringify({ words, stdin, call: process.env.DECKHAND_CALL ?? "" });
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), host };
// A jail has a way out by a proxy; Cloudflare takes the request where it leaves the container.
const proxy = process.env.http_proxy ? new URL(process.env.http_proxy) : null;
const where = proxy
  ? { host: proxy.hostname, port: proxy.port, path: `http://${host}${path}` }
  : { host, port: 80, path };

const sent = request({ ...where, method: "POST", headers, timeout: waitMs }, async (response) => {
  const parts = [];
  for await (const part of response) parts.push(part);
  const text = Buffer.concat(parts).toString("utf8");
  if (response.statusCode !== 200) return fail(text.trim() || `the Kernel answered ${response.statusCode}`);
  const { stdout, stderr, exitCode } = JSON.parse(text);
  process.stdout.write(stdout, () => process.stderr.write(stderr, () => process.exit(exitCode)));
});
sent.on("timeout", () => fail("no answer came"));
sent.on("error", (error) => fail(`the Kernel cannot be reached (${error.code})`));
sent.end(body);
