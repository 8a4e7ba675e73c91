/** A word of bash that means exactly this text. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A command that runs a script of ours with these arguments, whatever the session's own shell is set to. */
export const scripted = (script: string, args: readonly string[]): string =>
  `bash --noprofile --norc -c ${[script, "repo", ...args].map(quoted).join(" ")}`;
