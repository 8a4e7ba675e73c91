import { z } from "zod";
import type { Principal } from "../../kernel/chat/types.ts";
import type { UserId } from "../../kernel/ids.ts";
import type { SlackApi } from "./client.ts";
import { slackIds } from "./ids.ts";
import { ours } from "./limits.ts";

const text = z.string().nullish();
const Info = z.object({
  user: z.object({
    name: text,
    real_name: text,
    profile: z.object({ display_name: text, real_name: text }).nullish(),
  }),
});

/** Names by person, newest last; they change seldom, and a stale one is only a name. */
const known = new Map<UserId, { name: string; at: number }>();

/** A person with the name that Slack shows for them. Messages carry only the id. */
export async function readPerson(api: SlackApi, id: UserId, now: number): Promise<Principal> {
  const seen = known.get(id);
  if (seen && now - seen.at < ours.nameKeptMs) return { id, name: seen.name };
  const { user } = await api.call("users.info", { user: slackIds.person(id).user }, Info);
  const name = [user.profile?.display_name, user.real_name, user.profile?.real_name, user.name].find(Boolean);
  const person = { id, name: (name ?? slackIds.person(id).user).slice(0, 200) };
  const oldest = known.keys().next().value;
  if (known.size >= ours.namesKept && oldest) known.delete(oldest);
  known.delete(id);
  known.set(id, { name: person.name, at: now });
  return person;
}
