/** A word of bash that means exactly this text. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What git needs of a box's variables: the way out, and whom to trust on it. */
const kept = [
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
  "CURL_CA_BUNDLE",
];

/**
 * A command that runs a script of ours with these arguments, whatever the session's own shell is set to: the machine's
 * own bash and programs, and not those of the same name that somebody put before them.
 */
export const scripted = (script: string, args: readonly string[]): string =>
  [
    `/usr/bin/env -i HOME="$HOME" PATH=/usr/local/bin:/usr/bin:/bin`,
    ...kept.map((name) => `\${${name}:+"${name}=$${name}"}`),
    `/bin/bash --noprofile --norc -c`,
    ...[script, "deckhand", ...args].map(quoted),
  ].join(" ");
