import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { Deckhand } from "../harness/deckhand.ts";
import { call, Scripted } from "../harness/scripted.ts";
import { jailForTests } from "../jail/jail.ts";
import type { Reply } from "../stand-ins/reply.ts";

/* C3 a real screen with a real browser in the jail. */

const general = "C0GENERAL";
const waitMs = 120_000;

describe.skipIf((await jailForTests()) === null)("C3 the desktop in the jail", () => {
  let model: Scripted;
  let deckhand: Deckhand;
  beforeAll(async () => {
    model = await Scripted.start({ computer: "jail" });
    deckhand = model.deckhand;
  }, 90_000);
  afterAll(() => model.close());

  const bash = (command: string, background = false): Reply =>
    call("computer_bash", { command, background, why: "a browser needs a real computer" });
  const use = (action: object): Reply => call("computer_use", { do: action });

  /** Asks with these replies of the model; gives what its last tool call came to. */
  async function turn(words: string, ...replies: [Reply, ...Reply[]]): Promise<{ ts: string; result: string }> {
    model.replies(...replies, { text: `${words} is done.` });
    const ts = await deckhand.slack.say("U0ADA", general, `@Deckhand ${words}`);
    await deckhand.slack.waitForReply(general, ts, (message) => shownText(message).includes("is done."), waitMs);
    return { ts, result: model.results };
  }

  const page = `<body style="margin:0;background:#fff"><button style="position:fixed;left:340px;top:250px;width:600px;height:300px"
 onclick="document.body.style.background='#00ff00';fetch('/clicked')">Press me</button></body>`;

  /** The colour of one pixel of the screen, by nothing but Python's own library. */
  const pixel = (x: number, y: number) => `DISPLAY=:1 scrot --overwrite /tmp/pixel.png && python3 - <<'PY'
import zlib, struct
data = open('/tmp/pixel.png', 'rb').read(); at = 8; parts = b''
while at < len(data):
    size, kind = struct.unpack('>I4s', data[at:at + 8]); body = data[at + 8:at + 8 + size]; at += size + 12
    if kind == b'IHDR': width, height, depth, colour = struct.unpack('>IIBB', body[:10])
    if kind == b'IDAT': parts += body
step = {2: 3, 6: 4}[colour]; raw = zlib.decompress(parts); row = bytearray(width * step); at = 0
for y in range(${y} + 1):
    kind = raw[at]; line = bytearray(raw[at + 1:at + 1 + width * step]); at += 1 + width * step
    for i in range(len(line)):
        a = line[i - step] if i >= step else 0; b = row[i]; c = row[i - step] if i >= step else 0
        p = a + b - c; paeth = min((a, b, c), key=lambda v: abs(p - v))
        line[i] = (line[i] + [0, a, b, (a + b) // 2, paeth][kind]) & 255
    row = line
print('pixel', *row[${x} * step:${x} * step + 3], width, height)
PY`;

  test("C3 a page is opened in Chromium, its button is clicked, and the screen shows what came of it", async () => {
    const { ts, result } = await turn(
      "press the button",
      bash(`mkdir -p /workspace/site && cd /workspace/site && cat > index.html <<'END'\n${page}\nEND`),
      bash("cd /workspace/site && exec python3 -u -m http.server 8080 --bind 127.0.0.1 > /workspace/log 2>&1", true),
      use({ action: "open", url: "http://127.0.0.1:8080/" }),
      bash("until grep -q 'GET / ' /workspace/log; do sleep 0.1; done; sleep 1"),
      use({ action: "click", x: 640, y: 460 }),
      bash(`until grep -q 'GET /clicked' /workspace/log; do sleep 0.1; done; ${pixel(100, 700)}`),
    );
    expect(result).toContain("pixel 0 255 0 1280 800");
    // The model saw the screen, and the thread has each look at it.
    expect(model.asked.images.length).toBeGreaterThan(0);
    const files = (await deckhand.slack.thread(general, ts)).flatMap((message) => message.files);
    expect(files.filter((file) => file.name === "main.jpg")).toHaveLength(2);
  }, 180_000);

  test("C3 keys and typed text reach the program in front, every letter as it is", async () => {
    const { result } = await turn(
      "open the other page",
      use({ action: "key", keys: "ctrl+l" }),
      use({ action: "type", text: "127.0.0.1:8080/wörld?a=$(id)" }),
      use({ action: "key", keys: "Return" }),
      bash("until grep -q 'GET /w' /workspace/log; do sleep 0.1; done; grep -o 'GET /w[^ ]*' /workspace/log | head -1"),
    );
    expect(result).toContain("GET /w%C3%B6rld?a=$(id)");
  }, 180_000);
});
