/** A small glob as the SDK's watch takes it: `*`, `?` and `**`; all else is itself. */
function toRegExp(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\*\*\/?|\*|\?/g, (sign) => (sign.startsWith("**") ? ".*" : sign === "*" ? "[^/]*" : "[^/]"));
  return new RegExp(`^${source}$`);
}

export type Matches = (relativePath: string) => boolean;

/** Whether one of the patterns fits the path, one of the names on it, or the last name. */
export function anyOf(patterns: readonly string[]): Matches {
  const all = patterns.map((pattern) => toRegExp(pattern.replace(/\/$/, "")));
  return (path) => {
    const names = path.split("/");
    return all.some((pattern) => pattern.test(path) || names.some((name) => pattern.test(name)));
  };
}
