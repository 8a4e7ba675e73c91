/** Compares secrets: texts of one length take as long whether they are equal or not. */
export function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let n = 0; n < a.length; n += 1) difference |= a.charCodeAt(n) ^ (b.charCodeAt(n) || 0);
  return difference === 0;
}
