import { expect, test } from "vitest";
import type { FileRef } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { SlackApi } from "./client.ts";
import { downloadFile } from "./files.ts";

const apiUrl = "http://127.0.0.1:9999/api/";
const pdf = new TextEncoder().encode("%PDF-1.7 hello");

interface Seen {
  url: string;
  authorization: string | null;
}

function slack(answers: Record<string, () => Response>) {
  const seen: Seen[] = [];
  const fetch = (async (url: string, init?: RequestInit) => {
    seen.push({ url, authorization: new Headers(init?.headers).get("authorization") });
    expect(init?.redirect).toBe("manual");
    const answer = answers[url];
    if (!answer) throw new TypeError("network");
    return answer();
  }) as typeof globalThis.fetch;
  return { seen, options: { token: "xoxb-1", apiUrl, fetch } };
}

const info = (file: object): SlackApi => ({
  call: async (method, args, answer) => {
    expect([method, args]).toEqual(["files.info", { file: "F1" }]);
    return answer.parse({ file: { id: "F1", ...file } });
  },
});

const ref = (
  over: Partial<FileRef> = {},
  url: string | null = "https://files.slack.com/a.pdf",
  access = "visible",
): FileRef => ({
  id: "F1",
  name: "a.pdf",
  mediaType: "application/pdf",
  sizeBytes: pdf.byteLength,
  source: { id: "F1", url, access },
  ...over,
});

const code = async (work: Promise<unknown>) => {
  const thrown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof KernelError)) throw new Error("nothing was refused", { cause: thrown });
  expect(thrown.userMessage).toContain("a.pdf");
  return thrown.code;
};

test("a file is fetched with the bearer, which a redirect to another host does not get", async () => {
  const { seen, options } = slack({
    "https://files.slack.com/a.pdf": () => Response.redirect("https://cdn.example/a", 302),
    "https://cdn.example/a": () => new Response(pdf),
  });
  expect(await downloadFile(ref(), 1000, info({}), options)).toEqual({ bytes: pdf, mediaType: "application/pdf" });
  expect(seen).toEqual([
    { url: "https://files.slack.com/a.pdf", authorization: "Bearer xoxb-1" },
    { url: "https://cdn.example/a", authorization: null },
  ]);
});

test("the configured API's own origin counts as Slack's; a foreign address gets no bearer", async () => {
  const { seen, options } = slack({
    "http://127.0.0.1:9999/files/a": () => new Response(pdf),
    "https://docs.example/a": () => new Response(pdf),
    "https://evilslack.com/a": () => new Response(pdf),
  });
  for (const url of ["http://127.0.0.1:9999/files/a", "https://docs.example/a", "https://evilslack.com/a"])
    await downloadFile(ref({}, url), 1000, info({}), options);
  expect(seen.map((one) => one.authorization)).toEqual(["Bearer xoxb-1", null, null]);
});

test("a stub of a shared channel is looked up first", async () => {
  const { options } = slack({ "https://files.slack.com/real": () => new Response(pdf) });
  const api = info({ url_private_download: "https://files.slack.com/real", mimetype: "application/pdf", size: 14 });
  expect((await downloadFile(ref({ mediaType: "x/y" }, null, "check_file_info"), 1000, api, options)).mediaType).toBe(
    "application/pdf",
  );
});

const html = "<!DOCTYPE html><html>sign in</html>";
test.each([
  [
    "a login page by its header",
    () => new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } }),
    "file.not_the_file",
  ],
  [
    "a login page by its bytes",
    () => new Response(html, { headers: { "content-type": "application/pdf" } }),
    "file.not_the_file",
  ],
  ["0 bytes", () => new Response(""), "file.empty"],
  ["too large by its header", () => new Response(pdf, { headers: { "content-length": "9999" } }), "file.too_large"],
  ["too large while it streams", () => new Response(new Uint8Array(2000)), "file.too_large"],
  ["gone", () => new Response("", { status: 404 }), "file.unreachable"],
  ["a redirect that is not https", () => Response.redirect("http://127.0.0.1:1/", 302), "file.unreachable"],
  ["redirects without end", () => Response.redirect("https://files.slack.com/a.pdf", 302), "file.unreachable"],
  [
    "no answer",
    () => {
      throw new TypeError("network");
    },
    "file.unreachable",
  ],
])("D7 %s is a plain sentence that names the file", async (_, answer, expected) => {
  const { options } = slack({ "https://files.slack.com/a.pdf": answer });
  expect(await code(downloadFile(ref(), 1000, info({}), options))).toBe(expected);
});

test("D7 a declared size above the limit is refused before anything is fetched", async () => {
  const { seen, options } = slack({});
  expect(await code(downloadFile(ref({ sizeBytes: 5000 }), 1000, info({}), options))).toBe("file.too_large");
  expect(seen).toEqual([]);
});

test("an HTML file that is itself is not taken for a login page", async () => {
  const { options } = slack({
    "https://files.slack.com/a.pdf": () => new Response(html, { headers: { "content-type": "text/html" } }),
  });
  const file = ref({ mediaType: "text/html", sizeBytes: html.length });
  expect((await downloadFile(file, 1000, info({}), options)).bytes.byteLength).toBe(html.length);
  expect(await code(downloadFile({ ...file, sizeBytes: 3 }, 1000, info({}), options))).toBe("file.not_the_file");
});
