import type { PagePerson } from "../../workspace/page-api.ts";
import { Logo } from "./logo.tsx";

const initials = (person: PagePerson): string =>
  (person.realName || person.name)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32))
    .join("")
    .toUpperCase();

/** The bot has the mark; a person has initials on their colour. */
export function Avatar({ person, size = 36 }: { person: PagePerson; size?: number }) {
  if (person.bot) return <Logo size={size} />;
  const style = { width: `${size}px`, height: `${size}px`, background: person.color, fontSize: `${size * 0.38}px` };
  return (
    <span class="avatar" style={style} aria-hidden="true">
      {initials(person)}
    </span>
  );
}
