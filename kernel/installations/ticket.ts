import { z } from "zod";
import { fromBase64url, toBase64url } from "./base64url.ts";
import type { KeyRing } from "./keys.ts";

/** What goes out with a person and must come back with them: random, and good until a time. */
const Ticket = z.object({ id: z.string().regex(/^[0-9a-f-]{36}$/), until: z.number().int() });
export type Ticket = z.infer<typeof Ticket>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A signed ticket as text for an address. Nothing is stored: who takes it back marks it as used. */
export async function mintTicket(ring: KeyRing, purpose: string, until: number): Promise<string> {
  const id = ring.ids[0] ?? "";
  const body = toBase64url(encoder.encode(JSON.stringify({ id: crypto.randomUUID(), until } satisfies Ticket)));
  const key = await ring.hmac(id, purpose);
  if (key === null) throw new Error("There is no key to sign with.");
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(body)));
  return `${id}.${body}.${toBase64url(mac)}`;
}

/** The ticket, or null when it is not one of ours, was changed, is for another purpose or has run out. */
export async function readTicket(ring: KeyRing, purpose: string, text: string, now: number): Promise<Ticket | null> {
  const [id = "", body = "", mac = "", ...rest] = text.length > 500 ? [] : text.split(".");
  const key = rest.length === 0 ? await ring.hmac(id, purpose) : null;
  const given = fromBase64url(mac);
  if (key === null || given === null || !(await crypto.subtle.verify("HMAC", key, given, encoder.encode(body))))
    return null;
  const ticket = Ticket.safeParse(JSON.parse(decoder.decode(fromBase64url(body) ?? new Uint8Array()) || "null"));
  return ticket.success && ticket.data.until > now ? ticket.data : null;
}
