/** JSON in which bytes survive. */
export const encoded = (value: unknown): string =>
  JSON.stringify(value, (_, inside: unknown) =>
    inside instanceof Uint8Array ? { $bytes: Buffer.from(inside).toString("base64") } : inside,
  ) ?? "null";

export const decoded = (text: string): unknown =>
  JSON.parse(text, (_, inside: unknown) =>
    typeof inside === "object" && inside !== null && "$bytes" in inside
      ? new Uint8Array(Buffer.from(String(inside.$bytes), "base64"))
      : inside,
  );
