import { attribute, elements } from "./xml.ts";

/** Formats of Excel's own that are dates or times. @see ECMA-376, 18.8.30 numFmt */
const builtIn = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58); // oxfmt-ignore

/** Whether a format of the file's own shows a date: its letters are, once what is quoted, escaped or in brackets is gone. */
const isDate = (code: string): boolean =>
  /[dmyhs]/i.test(code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General/gi, ""));

/** For each style of a cell, by its number, whether it shows a date. */
export function dateFormats(styles: string): boolean[] {
  const own = new Map<number, boolean>();
  for (const { attributes } of elements(styles, "numFmt"))
    own.set(Number(attribute(attributes, "numFmtId")), isDate(attribute(attributes, "formatCode") ?? ""));
  const [formats] = elements(styles, "cellXfs");
  return [...elements(formats?.inside ?? "", "xf")].map(({ attributes }) => {
    const id = Number(attribute(attributes, "numFmtId") ?? 0);
    return own.get(id) ?? builtIn(id);
  });
}

const dayMs = 24 * 60 * 60 * 1000;

/** A day's number as a Date in UTC. Day 60 of 1900 was never there; Excel keeps a place for it. */
export function dateOf(serial: number, from1904: boolean): Date {
  const start = from1904 ? Date.UTC(1904, 0, 1) : serial < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  return new Date(start + Math.round(serial * dayMs));
}
