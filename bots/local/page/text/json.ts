/**
 * Reading blocks without trusting them: a block comes from a bot over the wire and may hold anything. Each reader gives
 * a harmless empty value for what is not there.
 */
export type Json = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const list = (from: Json, key: string): readonly unknown[] => {
  const value = from[key];
  return Array.isArray(value) ? value : [];
};
export const str = (from: Json, key: string): string => {
  const value = from[key];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
};
export const number = (from: Json, key: string): number | null => {
  const value = from[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};
export const flag = (from: Json, key: string): boolean => from[key] === true;
/** The text of a text object (`{ type, text }`), or of a plain string in its place. */
export const textOf = (from: Json, key: string): string => str(from, key) || str(record(from[key]), "text");
