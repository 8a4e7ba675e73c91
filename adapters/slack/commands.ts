import type { KnownBlock } from "@slack/types";
import { z } from "zod";
import type { Principal } from "../../kernel/chat/types.ts";
import type { Overview } from "../../kernel/user/overview.ts";
import { sections } from "./home.ts";
import { homeOf } from "./home-team.ts";
import { slackIds } from "./ids.ts";
import { ours } from "./limits.ts";
import { approvalLine, empty, fileLine, modelLine, siteLine, threadLine, usageLine } from "./lists.ts";
import { clip, escapeText, oneLine, unescapeText } from "./mrkdwn.ts";
import { slackId } from "./payloads.ts";

/** What `/deckhand` can be asked. */
export type Asked =
  | { name: "help"; unknown: string | null }
  | { name: "threads" | "files" | "sites" | "approvals" | "stop" | "doctor" }
  /** `model`: what to set; null takes one's own back, undefined asks which it is. */
  | { name: "model"; model: string | null | undefined };

const simple = ["threads", "files", "sites", "approvals", "stop", "doctor"] as const;
const ownersModel = new Set(["default", "reset", "none", "off", "-"]);

export function readAsked(typed: string): Asked {
  const [word = "", ...rest] = unescapeText(typed).trim().split(/\s+/);
  const asked = word.toLowerCase();
  const name = simple.find((one) => one === asked);
  if (name) return { name };
  if (asked === "model") {
    const [model] = rest;
    if (model === undefined) return { name: "model", model };
    return { name: "model", model: ownersModel.has(model.toLowerCase()) ? null : model.slice(0, 200) };
  }
  return { name: "help", unknown: asked === "" || asked === "help" ? null : word };
}

const Command = z.object({
  command: z.string(),
  text: z.string().default(""),
  team_id: slackId.or(z.literal("")).optional(),
  enterprise_id: slackId.or(z.literal("")).optional(),
  user_id: slackId,
  user_name: z.string().optional(),
  trigger_id: z.string().max(200),
});

export interface SlackCommand {
  by: Principal;
  asked: Asked;
  /** Unique for this one time it was typed. */
  id: string;
}

/** A slash command as Slack's form has it; null when it is none. */
export function readCommand(body: unknown): SlackCommand | null {
  const read = Command.safeParse(body);
  if (!read.success) return null;
  const { team_id: team, enterprise_id: enterprise, user_id: user, user_name: name, text, trigger_id: id } = read.data;
  const home = homeOf([], [team], [enterprise]);
  if (home === null) return null;
  return { by: { id: slackIds.user(home, user), name: name ?? user }, asked: readAsked(text), id };
}

/** An answer that only the person sees. */
export interface Reply {
  response_type: "ephemeral";
  text: string;
  blocks: KnownBlock[];
}

export function reply(title: string, lines: readonly string[], none = ""): Reply {
  const body = lines.length === 0 ? [none] : lines;
  return {
    response_type: "ephemeral",
    text: clip(escapeText(title), ours.fallbackChars),
    blocks: sections([`*${escapeText(title)}*`, ...body.filter((line) => line !== "")]),
  };
}

const helpLines = [
  "`/deckhand threads` — your threads, and which are at work",
  "`/deckhand approvals` — what waits for your decision",
  "`/deckhand files` — your newest files",
  "`/deckhand sites` — what you have published",
  "`/deckhand stop` — stop all that is at work for you",
  "`/deckhand model` — which model answers you; `/deckhand model anthropic:…` sets one, `/deckhand model default` takes it back",
  "`/deckhand doctor` — what is on, what is off, and what to do about it",
  "To give me work, mention me in a channel or write to me directly.",
];

export const helpReply = (unknown: string | null): Reply =>
  reply("What Deckhand does for you here", [
    ...(unknown === null ? [] : [`There is no \`${escapeText(oneLine(unknown, 40)).replaceAll("`", "'")}\`.`]),
    ...helpLines,
  ]);

/** What the person has of one kind. */
export function listReply(
  name: "threads" | "files" | "sites" | "approvals",
  overview: Overview,
  workspaceUrl: string | null,
): Reply {
  switch (name) {
    case "threads":
      return reply(
        "Your threads",
        overview.threads.map((one) => threadLine(one, workspaceUrl)),
        empty.threads,
      );
    case "files":
      return reply("Your newest files", overview.files.map(fileLine), empty.files);
    case "sites":
      return reply("Your sites", overview.sites.map(siteLine), empty.sites);
    case "approvals": {
      const lines = overview.approvals.map((one) => approvalLine(one, workspaceUrl));
      const where = lines.length === 0 ? [] : ["Decide in the thread, or in Deckhand's Home."];
      return reply("Waiting for you", [...lines, ...where], empty.approvals);
    }
  }
}

export const modelReply = (settings: Pick<Overview["settings"], "model">, changed: boolean): Reply =>
  reply(changed ? "Saved" : "Which model answers you", [
    modelLine(settings),
    changed ? "It answers from your next message on." : "`/deckhand model anthropic:…` sets another one for you.",
  ]);

/** A sentence that may hold what somebody has typed. */
export const sayReply = (title: string, sentence: string): Reply => reply(title, [escapeText(sentence)]);

export const stopReply = (stopped: number): Reply =>
  sayReply(
    stopped === 0 ? "Nothing is at work for you" : "Stopping",
    stopped === 0
      ? "There is nothing to stop."
      : `${stopped === 1 ? "One thread" : `${stopped} threads`} of yours will stop; what was done stays.`,
  );

/** One line of the doctor's report. */
export interface Finding {
  name: string;
  on: boolean;
  /** What is so, and what to do about it. */
  detail: string;
}

export function doctorReply(features: readonly Finding[], overview: Overview | string): Reply {
  const line = ({ name, on, detail }: Finding) =>
    `${on ? "✅" : "⚪"} *${escapeText(oneLine(name, 60))}* — ${escapeText(oneLine(detail, 400))}`;
  return reply("How Deckhand is", [...features.map(line), "*For you*", ...personal(overview)]);
}

function personal(overview: Overview | string): string[] {
  if (typeof overview === "string") return [`⚠️ ${escapeText(overview)}`];
  const of = (state: Overview["threads"][number]["state"]) =>
    overview.threads.filter((one) => one.state === state).length;
  const waiting = overview.approvals.length;
  const [running, failed] = [of("running"), of("failed")];
  return [
    `✅ ${modelLine(overview.settings)} Change it with \`/deckhand model\` or in Home.`,
    waiting === 0
      ? "✅ Nothing waits for your decision."
      : `⏸️ Waiting for your decision: ${waiting}. See \`/deckhand approvals\`.`,
    running === 0
      ? "✅ Nothing is at work for you."
      : `⏳ Threads at work for you: ${running}. \`/deckhand stop\` ends them.`,
    ...(failed === 0
      ? []
      : [`⚠️ Threads whose last turn failed: ${failed}. Open them by \`/deckhand threads\` and ask again.`]),
    `✅ ${usageLine(overview.usage)}`,
  ];
}
