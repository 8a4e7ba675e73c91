import type { Principal } from "../chat/types.ts";
import { log } from "../log.ts";
import type { House } from "./house.ts";

/** Tells one person something that nobody else sees. Best effort: a word that does not arrive changes nothing. */
export async function whisper({ port, id }: Pick<House, "port" | "id">, to: Principal, text: string): Promise<void> {
  try {
    await port.whisper(id, to.id, text);
  } catch (thrown) {
    log.warn("thread: a private word did not arrive", { thread: id, thrown });
  }
}
