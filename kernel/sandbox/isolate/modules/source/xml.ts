/*
 * As much XML as an Excel file holds: elements with attributes and text. No entity but the five and numbers, and no
 * DTD, so nothing can expand.
 */
export interface Tag {
  name: string;
  attributes: string;
  /** What stands between the tag and its end; "" for an empty one. */
  inside: string;
  /** Where the element begins and ends. */
  at: number;
  end: number;
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

export function text(xml: string): string {
  return xml.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return entities[name] ?? whole;
    const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

const patterns = new Map<string, RegExp>();
function pattern(name: string, make: () => RegExp): RegExp {
  const known = patterns.get(name) ?? make();
  patterns.set(name, known);
  return known;
}

export function attribute(attributes: string, name: string): string | null {
  const found = pattern(`@${name}`, () => new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)).exec(
    attributes,
  );
  return found ? text(found[1] ?? found[2] ?? "") : null;
}

/** The elements of a name, whatever their prefix, in order; an element is not looked for inside one of its own name. */
export function* elements(xml: string, name: string): Generator<Tag> {
  const open = new RegExp(`<(?:[\\w.-]+:)?${name}(\\s[^<>]*?)?(/)?>`, "g");
  const close = new RegExp(`</(?:[\\w.-]+:)?${name}\\s*>`, "g");
  for (let found = open.exec(xml); found; found = open.exec(xml)) {
    const attributes = found[1] ?? "";
    const at = found.index;
    if (found[2]) {
      yield { name, attributes, inside: "", at, end: open.lastIndex };
      continue;
    }
    close.lastIndex = open.lastIndex;
    const last = close.exec(xml);
    if (!last) return;
    const end = close.lastIndex;
    yield { name, attributes, inside: xml.slice(open.lastIndex, last.index), at, end };
    open.lastIndex = end;
  }
}

/** The text without the elements of a name. */
export function without(xml: string, name: string): string {
  let kept = "";
  let from = 0;
  for (const { at, end } of elements(xml, name)) {
    kept += xml.slice(from, at);
    from = end;
  }
  return kept + xml.slice(from);
}
