/** Text as one word of a shell command. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A command that reads its input from a file. In braces and not in parentheses, so that `cd` and `export` stay. */
export const readingFrom = (command: string, file: string): string => `{ ${command}\n} < ${quoted(file)}`;

/**
 * A command that finds the variables and the folder that the last one of its session left, and leaves its own. The
 * server of the official image keeps them only for commands whose output it does not stream (its SESSION_EXECUTION
 * notes); ours are streamed. `cwd` and `env` are for this command alone; one in the background leaves nothing.
 */
export function keepingState(
  command: string,
  {
    file,
    cwd,
    env = {},
    leaves = true,
  }: { file: string; cwd?: string; env?: Record<string, string>; leaves?: boolean },
): string {
  const given = Object.entries(env).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const script = [
    `__dh_file=${quoted(file)}`,
    `if [ -r "$__dh_file" ]; then . "$__dh_file"; else cd /workspace 2>/dev/null; fi`,
    ...(cwd === undefined ? [] : [`__dh_at=$PWD`, `cd -- ${quoted(cwd)} || exit 1`]),
    ...given.map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(leaves ? [keep(given.map(([name]) => name))] : []),
    command,
  ].join("\n");
  return `bash -c ${quoted(script)}`;
}

const keep = (names: readonly string[]): string =>
  [
    `trap '__dh_code=$?`,
    `unset ${names.join(" ")}`,
    `{ export -p; printf "cd -- %q 2>/dev/null\\n" "\${__dh_at:-$PWD}"; } > "$__dh_file.$$" && mv "$__dh_file.$$" "$__dh_file"`,
    `exit $__dh_code' EXIT`,
  ].join("; ");
