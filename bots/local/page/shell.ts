/** The mark of Deckhand: an anchor on deep water. Kept equal to `parts/logo.tsx`, which draws it inside the page. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#17b3a9"/><stop offset="1" stop-color="#0b5a86"/></linearGradient></defs><rect width="32" height="32" rx="8" fill="url(#g)"/><g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"><circle cx="16" cy="8.6" r="2.6"/><path d="M16 11.2V25M11.5 14.8h9M7 18.5c.4 4.300 4.300 6.600 9 6.600s8.600-2.300 9-6.600"/></g></svg>`;

/** The document of the terminal panel's frame. */
export const terminalFrame = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Terminal</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/assets/terminal.css">
<script src="/assets/terminal.js" defer></script>
</head>
<body>
<div id="screen"></div>
<footer><span id="line" role="status"></span><button type="button" id="again" hidden>Connect again</button></footer>
</body>
</html>
`;

export const shell = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>Deckhand</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/assets/app.css">
<script src="/assets/app.js" defer></script>
</head>
<body>
<div id="app"></div>
<noscript>The workspace page needs JavaScript.</noscript>
</body>
</html>
`;
