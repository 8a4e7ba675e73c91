import {
  doctorReply,
  helpReply,
  listReply,
  modelReply,
  readCommand,
  sayReply,
  stopReply,
  type Reply,
  type SlackCommand,
} from "../../../adapters/slack/commands.ts";
import { msToTs } from "../../../adapters/slack/ids.ts";
import { actionIn } from "../../../adapters/slack/view-press.ts";
import { KernelError, unwrap } from "../../../kernel/errors.ts";
import { placeOf } from "./place.ts";
import { refreshHome } from "./show-home.ts";
import type { Listener, ListenerParts } from "./types.ts";

async function answer(parts: ListenerParts, place: string, { by, asked, id }: SlackCommand): Promise<Reply> {
  const person = parts.desk.person(by.id);
  switch (asked.name) {
    case "help":
      return helpReply(asked.unknown);
    case "threads":
    case "files":
    case "sites":
    case "approvals": {
      const [overview, workspaceUrl] = await Promise.all([person.overview(), parts.desk.workspaceUrl(place)]);
      return listReply(asked.name, unwrap(overview), workspaceUrl);
    }
    case "model": {
      if (asked.model === undefined) return modelReply(await person.settings(), false);
      const saved = await person.saveSettings({ ...(await person.settings()), model: asked.model });
      if (!saved.ok) return sayReply("Nothing was changed", saved.error.userMessage);
      parts.desk.later(refreshHome(parts, place, by.id));
      return modelReply(saved.value, true);
    }
    case "stop": {
      const running = unwrap(await person.overview()).threads.filter((one) => one.state === "running");
      const stop = { action: "stop", subject: "", value: "" } as const;
      for (const { thread } of running)
        await parts.intake(actionIn(thread, { by, id: `stop:${id}:${thread}`, ts: msToTs(Date.now()) }, stop));
      return stopReply(running.length);
    }
    case "doctor": {
      const overview = await person.overview();
      const model = overview.ok ? overview.value.settings.model : null;
      return doctorReply(parts.desk.features(model), overview.ok ? overview.value : overview.error.userMessage);
    }
  }
}

/** An error of ours is answered in its own words, so that the person does not read Slack's about an app that failed. */
async function answered(parts: ListenerParts, place: string, command: SlackCommand): Promise<Reply> {
  try {
    return await answer(parts, place, command);
  } catch (thrown) {
    parts.log.error("slack: a command failed", { asked: command.asked, thrown });
    const error = KernelError.wrap(thrown, "internal", "Something failed inside Deckhand. Please try again.");
    return sayReply("That did not work", error.userMessage);
  }
}

/** `/deckhand …`: the same as Home, where one is typing. */
export const commands: Listener = {
  uses: {
    commands: [
      {
        command: "/deckhand",
        description: "What Deckhand does for you here",
        usage: "help | threads | files | sites | approvals | stop | model | doctor",
      },
    ],
  },
  listen(app, parts) {
    app.command("/deckhand", async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "command");
      const command = readCommand(body);
      if (place === null || command === null) await ack("Deckhand is not installed in this workspace.");
      else await ack(await answered(parts, place, command));
    });
  },
};
