/*
 * The small page the rehearsal makes: two static files, no script, no picture, no font from elsewhere. Pure.
 */

export interface SiteWords {
  name: string;
  about: string;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** A name as the last part of an address: `Bread Club!` → `bread-club`. Never empty. */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return slug || "site";
}

export function indexHtml({ name, about }: SiteWords): string {
  const title = escapeHtml(name);
  const subject = escapeHtml(about);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="description" content="${title}: ${subject}" />
    <title>${title}</title>
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <header>
      <p class="kicker">${subject}</p>
      <h1>${title}</h1>
      <p class="lead">A small place on the web for ${subject}.</p>
      <a class="button" href="#more">Read on</a>
    </header>
    <main id="more">
      <section>
        <h2>What it is</h2>
        <p>${title} is about ${subject}. Say in two sentences here why somebody should care.</p>
      </section>
      <section>
        <h2>How it works</h2>
        <p>Two plain files, <code>index.html</code> and <code>style.css</code>. Change them and publish again.</p>
      </section>
      <section>
        <h2>Who it is for</h2>
        <p>Anyone who wants to know more about ${subject} and has a minute.</p>
      </section>
    </main>
    <footer>Laid out by Deckhand’s rehearsal model, published by a person.</footer>
  </body>
</html>
`;
}

export const styleCss = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1d2433, #e8ecf4);
  --soft: light-dark(#5b6578, #9aa5ba);
  --paper: light-dark(#fbfaf7, #12151c);
  --card: light-dark(#ffffff, #1b202b);
  --line: light-dark(#e6e2d8, #2b3240);
  --accent: light-dark(#b4451f, #ff9d73);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 64rem;
  padding: clamp(1.5rem, 5vw, 4rem);
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.6 ui-sans-serif, system-ui, sans-serif;
}
header { padding: clamp(2rem, 9vw, 6rem) 0 clamp(2rem, 6vw, 4rem); }
h1 { margin: 0; font: 700 clamp(2.5rem, 8vw, 5rem)/1.05 ui-serif, Georgia, serif; letter-spacing: -0.02em; }
h2 { margin: 0 0 0.5rem; font: 600 1.25rem/1.3 ui-serif, Georgia, serif; }
.kicker { margin: 0 0 1rem; color: var(--accent); font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase; }
.lead { max-width: 34rem; color: var(--soft); font-size: 1.25rem; }
.button {
  display: inline-block;
  margin-top: 1rem;
  padding: 0.7rem 1.4rem;
  border-radius: 999px;
  background: var(--accent);
  color: var(--paper);
  font-weight: 600;
  text-decoration: none;
}
.button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
section { padding: 1.5rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); }
section p { margin: 0; color: var(--soft); }
code { font-size: 0.9em; }
footer { margin-top: 3rem; color: var(--soft); font-size: 0.9rem; }
`;

/** The page with another title and heading, or null when it has neither. */
export function retitle(html: string, name: string): string | null {
  const title = escapeHtml(name);
  const changed = html
    .replace(/(<title[^>]*>)[\s\S]*?(<\/title>)/i, (_all, open: string, close: string) => open + title + close)
    .replace(/(<h1[^>]*>)[\s\S]*?(<\/h1>)/i, (_all, open: string, close: string) => open + title + close);
  return /<title|<h1/i.test(html) ? changed : null;
}
