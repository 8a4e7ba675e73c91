const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A page of one sentence and one link, for a person who installs the app. Nothing runs in it. */
export function installPage(status: number, title: string, sentence: string, link: { href: string; text: string }) {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>:root{color-scheme:light dark}body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}</style>
</head><body><h1>${escape(title)}</h1><p>${escape(sentence)}</p>
<p><a href="${escape(link.href)}">${escape(link.text)}</a></p></body></html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "cache-control": "no-store",
      // The address holds Slack's code.
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}
