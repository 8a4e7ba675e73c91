import { z } from "zod";
import { UserId } from "../../ids.ts";

/*
 * An interactive shell of a box: the Worker checks who asks and hands the WebSocket on to the box's object, saying in a
 * header whose it is.
 */

/** Columns or rows. */
const side = z.coerce.number().int().min(2).max(500);
export const TerminalSize = z.object({ cols: side, rows: side });
export type TerminalSize = z.infer<typeof TerminalSize>;
const Header = TerminalSize.extend({ owner: UserId });

/** Set by the Worker alone: whatever begins with `x-deckhand-` is taken off what comes from outside. */
export const terminalHeader = "x-deckhand-terminal";
export const terminalHeaderValue = (owner: UserId, { cols, rows }: TerminalSize): string => `${cols} ${rows} ${owner}`;

export function readTerminalHeader(value: string | null): z.infer<typeof Header> | null {
  const [cols, rows, owner, ...rest] = (value ?? "").split(" ");
  const read = Header.safeParse({ cols, rows, owner });
  return read.success && rest.length === 0 ? read.data : null;
}

/** Of the page's request only what makes it a WebSocket goes into the box. */
export function plainUpgrade(request: Request): Request {
  const headers = new Headers();
  for (const name of ["connection", "upgrade", "sec-websocket-key", "sec-websocket-version"]) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  headers.set("connection", "Upgrade");
  headers.set("upgrade", "websocket");
  return new Request("http://localhost/", { headers });
}
