import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const fixture = (name: string) => ({ name, bytes: readFileSync(join(import.meta.dirname, "../fixtures", name)) });
type Dropped = { name: string; bytes: Uint8Array | string; type?: string };

const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const ask = (text: string, files: Dropped[] = [], threadTs?: string) =>
  deckhand.slack.say("U0ADA", general, text, { files, ...(threadTs === undefined ? {} : { threadTs }) });
/** The turn is over: nothing of it is still to come. */
const over = (ts: string, channel = general) =>
  deckhand.slack.waitForStatus(channel, ts, (status) => status.session === "active", 30_000);
/** What Deckhand says under a root when its turn is over. */
const said = async (ts: string, channel = general): Promise<string> => {
  await over(ts, channel);
  const thread = await deckhand.slack.thread(channel, ts);
  return thread
    .filter((message) => message.user === "U0DECK")
    .map(shownText)
    .join("\n");
};

describe("a PDF", () => {
  test("D1 one that is dropped in the thread is saved under uploads/, read by process_attachment, and the answer names pages", async () => {
    const ts = await ask("@Deckhand echo ready");
    await deckhand.slack.waitForReply(general, ts, has("ready"));
    await ask("which page mentions apple trees?", [fixture("report.pdf")], ts);
    const answer = await deckhand.slack.waitForReply(general, ts, has("apple trees"));
    expect(shownText(answer)).toContain("page 3");
    expect(shownText(answer)).not.toContain("page 1");
    const tasks = answer.segments.flatMap((segment) => (segment.kind === "task" ? [segment.task] : []));
    expect(tasks).toMatchObject([{ title: "Read attachment report.pdf", status: "complete" }]);
    await ask("list files in uploads", [], ts);
    await deckhand.slack.waitForReply(general, ts, has("uploads/report.pdf"));
    const trace = await deckhand.trace(general, ts);
    expect(trace).toContain("process_attachment");
  });

  test("D1 one that comes in a DM is read there", async () => {
    const ts = await deckhand.slack.say("U0LINUS", "D0LINUS", "what does the PDF say?", {
      files: [fixture("report.pdf")],
    });
    const answer = await deckhand.slack.waitForReply("D0LINUS", ts, has("page 2"));
    expect(shownText(answer)).toContain("Orchard Report 2025");
  });

  test.each([
    ["encrypted.pdf", "pdf.encrypted", /encrypted\.pdf is locked with a password/],
    ["truncated.pdf", "pdf.broken", /truncated\.pdf is damaged or not a whole PDF/],
    ["text-bomb.pdf", "pdf.too_large", /text-bomb\.pdf has a part that unpacks to more than 24 MB/],
    ["stream-bomb.pdf", "pdf.too_large", /stream-bomb\.pdf has a part that unpacks to more than 24 MB/],
    ["endless-page.pdf", "pdf.too_large", /endless-page\.pdf unpacks to far more text/],
  ])("D3 %s is named with its reason (%s), and the answer comes", async (name, code, sentence) => {
    const ts = await ask("@Deckhand what does the PDF say?", [fixture(name)]);
    const answer = await deckhand.slack.waitForReply(general, ts, has(code), 30_000);
    expect(shownText(answer)).toMatch(sentence);
    await over(ts);
    await ask("echo and-on-it-goes", [], ts);
    await deckhand.slack.waitForReply(general, ts, has("and-on-it-goes"));
  });

  test("D2 pages of a scan are named plainly when the model has no eyes", async () => {
    const ts = await ask("@Deckhand what does the PDF say?", [fixture("scan.pdf")]);
    const answer = await deckhand.slack.waitForReply(general, ts, has("no eyes"));
    expect(shownText(answer)).toContain("Pages 1, 3 have no text layer");
    expect(shownText(answer)).toContain("This second page has a text layer");
  });
});

test("D2 a photo is told plainly when the model has no eyes", async () => {
  const ts = await ask("@Deckhand describe the photo", [{ ...fixture("pixel.jpg"), type: "image/jpeg" }]);
  const answer = await deckhand.slack.waitForReply(general, ts, has("no eyes"));
  expect(shownText(answer)).toContain("pixel.jpg");
});

describe("a file that cannot be taken is one plain sentence with its name and the reason, and the answer comes", () => {
  test("an empty one", async () => {
    const ts = await ask("@Deckhand what does the PDF say?", [{ name: "empty.pdf", bytes: "" }]);
    const text = await said(ts);
    expect(text).toMatch(/⚠️ empty\.pdf is empty \(0 bytes\)/);
    expect(text).toContain("I did not get the file");
  });

  test("a web page under the name of a PDF", async () => {
    const page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>";
    const ts = await ask("@Deckhand what does the PDF say?", [
      { name: "invoice.pdf", bytes: page, type: "application/pdf" },
    ]);
    const text = await said(ts);
    expect(text).toMatch(/⚠️ .*login page in place of invoice\.pdf/);
    expect(text).toContain("I did not get the file");
  });

  test("the login page that Slack sends without files:read", async () => {
    await deckhand.slack.fault({ method: "files.download", error: "missing_scope" });
    const ts = await ask("@Deckhand what does the PDF say?", [fixture("report.pdf")]);
    const text = await said(ts);
    expect(text).toMatch(/⚠️ .*login page in place of report\.pdf.*files:read/);
    expect(text).toContain("I did not get the file");
  });

  test.each([
    ["Slack fails", { status: 503 }],
    ["the connection breaks", { drop: "before" }],
  ] as const)("%s", async (_why, fault) => {
    await deckhand.slack.fault({ method: "files.download", ...fault });
    const ts = await ask("@Deckhand what does the PDF say?", [fixture("report.pdf")]);
    const text = await said(ts);
    expect(text).toMatch(/⚠️ report\.pdf could not be fetched from Slack/);
    expect(text).toContain("I did not get the file");
  });

  test("one over 25 MB, also when its size is told wrong", async () => {
    const large = { name: "huge.bin", bytes: new Uint8Array(26 * 1024 * 1024) };
    await deckhand.slack.clearDeliveries();
    const ts = await ask("@Deckhand what does the file say?", [large]);
    const text = await said(ts);
    expect(text).toMatch(/⚠️ huge\.bin is larger than 25 MB/);
    expect(text).toContain("I did not get the file");

    // The same event again as another message, with a size that is not true.
    const { body } = await deckhand.slack.waitForDelivery((one) => one.type === "app_mention");
    const sent = JSON.parse(body) as { event: { ts: string; files: { name: string; size: number }[] } };
    const root = await ask("@Deckhand echo ready");
    await deckhand.slack.waitForReply(general, root, has("ready"));
    const files = sent.event.files.map((file) => ({ ...file, name: "liar.bin", size: 1000 }));
    await deckhand.slack.sendEvent({ ...sent.event, files, thread_ts: root, ts: `${Number(root) + 0.5}00` });
    await deckhand.slack.waitForReply(general, root, (message) =>
      /liar\.bin is larger than 25 MB/.test(shownText(message)),
    );
  });

  test("of two at once the good one is answered, the bad one is named", async () => {
    const ts = await ask("@Deckhand which page mentions apple trees?", [
      { name: "nothing.pdf", bytes: "" },
      fixture("report.pdf"),
    ]);
    const text = await said(ts);
    expect(text).toMatch(/⚠️ nothing\.pdf is empty/);
    expect(text).toMatch(/report\.pdf.*page 3/s);
  });
});

describe("uploads/", () => {
  test("the same name twice keeps both", async () => {
    const first = await ask("@Deckhand what does the file say?", [{ name: "list.txt", bytes: "flour and salt" }]);
    await deckhand.slack.waitForReply(general, first, has("flour and salt"));
    const second = await ask("@Deckhand what does the file say?", [{ name: "list.txt", bytes: "yeast and water" }]);
    await deckhand.slack.waitForReply(general, second, has("yeast and water"));
    await ask("read uploads/list.txt", [], second);
    await deckhand.slack.waitForReply(general, second, has("flour and salt"));
    await ask("read uploads/list-2.txt", [], second);
    await deckhand.slack.waitForReply(
      general,
      second,
      (message) => has("uploads/list-2.txt")(message) && has("yeast and water")(message),
    );
  });

  test.each([
    ["../../etc/passwd.txt", "uploads/passwd.txt"],
    ["100%2e%2e%2fplan.txt", "uploads/100_2e_2e_2fplan.txt"],
    ["Übersicht (final) [3].txt", "uploads/Übersicht (final) [3].txt"],
    ["  spaces around  ", "uploads/spaces around"],
    ["gift\u202Etxt.exe", "uploads/gift_txt.exe"],
    [`${"long".repeat(50)}.txt`, `uploads/${"long".repeat(29)}.txt`],
    ["<!channel> *bold* `x`.txt", "uploads/<!channel> *bold* `x`.txt"],
  ])("the odd name %j is kept as a plain path", async (name, path) => {
    const ts = await ask("@Deckhand what does the file say?", [{ name, bytes: `body of ${path.length}` }]);
    const answer = await deckhand.slack.waitForReply(general, ts, has(`body of ${path.length}`));
    expect(JSON.stringify(answer)).not.toContain("<!channel>");
    await ask(`run: return (await FILES.list('uploads')).files.map((file) => file.path)`, [], ts);
    const listed = await deckhand.slack.waitForReply(general, ts, has("It returned"));
    // A ping in a name is broken by an invisible mark.
    expect(shownText(listed).replaceAll("\u2060", "")).toContain(JSON.stringify(path));
  });

  test("B1 another person cannot read them", async () => {
    const ts = await ask("@Deckhand what does the file say?", [{ name: "diary.txt", bytes: "ada only" }]);
    await deckhand.slack.waitForReply(general, ts, has("ada only"));
    await deckhand.slack.say("U0GRACE", general, "@Deckhand read uploads/diary.txt", { threadTs: ts });
    const answer = await deckhand.slack.waitForReply(general, ts, has("file.not_found"));
    expect(shownText(answer)).not.toContain("ada only");
  });
});
