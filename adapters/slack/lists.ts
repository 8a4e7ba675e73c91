import type { FileInfo } from "../../kernel/files/types.ts";
import type { ThreadId } from "../../kernel/ids.ts";
import type { Overview, SiteSummary, ThreadSummary } from "../../kernel/user/overview.ts";
import { date } from "./cards.ts";
import { PLATFORM, slackIds } from "./ids.ts";
import { escapeText, oneLine } from "./mrkdwn.ts";
import { size } from "./render.ts";

/*
 * What a person has, as lines of mrkdwn: the same in Home and in the answers to `/deckhand`. Names and titles are
 * escaped, so that nothing in them means anything to Slack.
 */

/** Address of a thread's first message; `workspaceUrl` as `auth.test` gives it, null when Slack did not say. */
export function threadUrl(thread: ThreadId, workspaceUrl: string | null): string | null {
  if (workspaceUrl === null || !thread.startsWith(`${PLATFORM}:`)) return null;
  const { channel, threadTs } = slackIds.place(thread);
  const url = `archives/${channel}/p${threadTs.replace(".", "")}`;
  return URL.canParse(url, workspaceUrl) ? new URL(url, workspaceUrl).href : null;
}

/** `url` is one of ours, with none of Slack's signs in it. */
export const link = (label: string, url: string | null): string => {
  const text = escapeText(oneLine(label, 100)) || "(untitled)";
  return url === null ? text : `<${escapeText(url).replaceAll("|", "%7C")}|${text.replaceAll("|", "¦")}>`;
};

const states: Record<ThreadSummary["state"], string> = {
  running: "⏳ at work",
  suspended: "⏸️ waits for a decision",
  finished: "✅ done",
  failed: "⚠️ failed",
};

export const threadLine = ({ thread, title, state, at }: ThreadSummary, workspaceUrl: string | null): string =>
  `• ${link(title, threadUrl(thread, workspaceUrl))} — ${states[state]}, ${date(at)}`;

export const siteLine = ({ title, slug, url, version, at }: SiteSummary): string =>
  `• ${link(title || slug, url)} — version ${version}, ${date(at)}`;

export const fileLine = ({ path, sizeBytes, updatedAt }: FileInfo): string =>
  `• \`${escapeText(oneLine(path, 200)).replaceAll("`", "'")}\` — ${size(sizeBytes)}, ${date(updatedAt)}`;

export const approvalLine = ({ thread, card }: Overview["approvals"][number], workspaceUrl: string | null): string =>
  `• ${link(card.title, threadUrl(thread, workspaceUrl))} — expires ${date(card.expiresAt)}`;

const number = new Intl.NumberFormat("en-US");

export function usageLine({ day, turns, isolateMs, computerMs, ...used }: Overview["usage"]): string {
  const count = turns === 1 ? "1 turn" : `${number.format(turns)} turns`;
  const tokens = `${number.format(used.inputTokens)} tokens in, ${number.format(used.outputTokens)} out`;
  const seconds = (ms: number): string => `${number.format(Math.round(ms / 100) / 10)} s`;
  const sandboxes = [
    ...(isolateMs > 0 ? [`${seconds(isolateMs)} of code`] : []),
    ...(computerMs > 0 ? [`${seconds(computerMs)} of computer`] : []),
  ];
  return `${[`${count} today (${day}, UTC): ${tokens}`, ...sandboxes].join(", ")}.`;
}

export const modelLine = ({ model }: Pick<Overview["settings"], "model">): string =>
  model === null
    ? "Model: the one that Deckhand's owner has set."
    : `Model: \`${escapeText(oneLine(model, 200)).replaceAll("`", "'")}\`, set by you.`;

/** What stands where there is nothing yet: what to do about it. */
export const empty = {
  approvals: "Nothing waits for you. What needs your yes stands here and in its thread.",
  threads: "No thread yet. Mention Deckhand in a channel, or write to it under Messages.",
  sites: "No site yet. Ask in a thread: “make a small site for a tea shop and publish it”.",
  files: "No file yet. Drop one into a thread and mention Deckhand, or ask it to write one.",
  accounts: "None. Connected accounts arrive with a later version; until then Deckhand acts in no account of yours.",
  schedules: "None. Schedules arrive with a later version; until then Deckhand works only when it is asked.",
} as const;

/** Which hosts the person's computers may reach. */
export const hostsLine = ({ hosts }: Overview["settings"]): string => {
  if (hosts.length === 0) return "Your computers reach no host of the internet.";
  const shown = hosts.slice(0, 10).map((host) => `\`${escapeText(host)}\``);
  const more = hosts.length - shown.length;
  return `Your computers may reach ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
};
