import { z } from "zod";
import { base32 } from "./base32.ts";
import { BoxName } from "./types.ts";

/*
 * A preview is one DNS label: `<port>-<name>-<token>`, at most 63 characters (RFC 1035). The token is the box's own
 * label, by which the Worker finds the box, and a secret of 130 bits. 5 + 1 + 20 + 1 + 10 + 26 = 63.
 */
export const boxLabelChars = 10;
const secretChars = 26;

/** Where a box is: the name of its object. */
export const BoxLabel = z
  .string()
  .regex(/^[a-z2-7]{10}$/)
  .brand<"BoxLabel">();
export type BoxLabel = z.infer<typeof BoxLabel>;

/** What opens one port, for as long as it is granted. Only its hash is stored. */
export const PortSecret = z
  .string()
  .regex(/^[a-z2-7]{26}$/)
  .brand<"PortSecret">();
export type PortSecret = z.infer<typeof PortSecret>;

/** Not the system's ports, and not the one the computer is driven through. */
export const Port = z
  .number()
  .int()
  .min(1024)
  .max(65_535)
  .refine((port) => port !== 3000, "port 3000 is taken by the computer itself; use another one");

export interface PreviewParts {
  port: number;
  name: BoxName;
  box: BoxLabel;
  secret: PortSecret;
}

export const previewLabel = {
  make: ({ port, name, box, secret }: PreviewParts): string => `${port}-${name}-${box}${secret}`,
  /** Null for what is not one of ours; nothing of it is trusted but its shape. */
  parse(label: string): PreviewParts | null {
    const found = /^(\d{4,5})-([a-z0-9]+)-([a-z2-7]{10})([a-z2-7]{26})$/.exec(label);
    if (found === null) return null;
    const [, port, name, box, secret] = found;
    const read = z
      .object({ port: Port, name: BoxName, box: BoxLabel, secret: PortSecret })
      .safeParse({ port: Number(port), name, box, secret });
    // "01234" would be a second way of writing a port.
    return read.success && String(read.data.port) === port ? read.data : null;
  },
};

/** A secret that cannot be guessed: 26 characters of 5 bits. */
export const newSecret = (): PortSecret =>
  PortSecret.parse(base32(crypto.getRandomValues(new Uint8Array(17))).slice(0, secretChars));

/** What comes after the label: on a laptop any `*.localhost` is the laptop itself. */
export function previewHost(publicUrl: string): string {
  const { hostname, port } = new URL(publicUrl);
  const host = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/.test(hostname) ? "localhost" : hostname;
  return `${host}${port === "" ? "" : `:${port}`}`;
}

/** The address of a preview on the host of this Worker. */
export const previewUrl = (parts: PreviewParts, publicUrl: string): string =>
  `${new URL(publicUrl).protocol}//${previewLabel.make(parts)}.${previewHost(publicUrl)}/`;
