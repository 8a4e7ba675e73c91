import type { Principal } from "../chat/types.ts";
import { log } from "../log.ts";
import type { House } from "./house.ts";

/** The person with a name to show. A platform that does not answer costs nobody their turn: the name stays as it came. */
export async function named({ port, id }: Pick<House, "port" | "id">, person: Principal): Promise<Principal> {
  try {
    return await port.person(person.id);
  } catch (thrown) {
    log.warn("thread: a person's name could not be read", { thread: id, thrown });
    return person;
  }
}
