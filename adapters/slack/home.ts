import type { HomeView, KnownBlock } from "@slack/types";
import type { Overview } from "../../kernel/user/overview.ts";
import { actionIds } from "./actions.ts";
import { button, buttons, context, date } from "./cards.ts";
import { ours, slackLimits } from "./limits.ts";
import {
  approvalLine,
  empty,
  fileLine,
  hostsLine,
  link,
  modelLine,
  siteLine,
  threadLine,
  threadUrl,
  usageLine,
} from "./lists.ts";
import { clip, escapeText, oneLine } from "./mrkdwn.ts";
import { richBody } from "./rich-body.ts";

export interface HomeContext {
  /** As `auth.test` gives it, for links to threads; null when Slack did not say. */
  workspaceUrl: string | null;
  /** What has just happened, in one sentence. */
  notice?: string;
  /** A card that is decided already, though its thread has not said so yet. */
  decided?: string;
}

/** `verbatim`: Slack makes no links and no mentions of what looks like one. */
const text = (mrkdwn: string): KnownBlock => ({
  type: "section",
  text: { type: "mrkdwn", text: clip(mrkdwn, slackLimits.sectionChars), verbatim: true },
});
const head = (title: string): KnownBlock => ({ type: "header", text: { type: "plain_text", text: title } });

/** Lines in as few sections as hold them; no line is cut in two. */
export function sections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length + 1 <= slackLimits.sectionChars)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(text);
}

const listed = (title: string, lines: readonly string[], none: string): KnownBlock[] => [
  head(title),
  ...(lines.length === 0 ? [text(none)] : sections(lines)),
];

/** What is decided here is shown whole; what is too long for that is decided in its thread. */
function approvalBlocks(waiting: Overview["approvals"][number], workspaceUrl: string | null): KnownBlock[] {
  const { card, thread } = waiting;
  const url = threadUrl(thread, workspaceUrl);
  const about = [
    link("its thread", url),
    ...(card.kind === "approval" ? [`risk: ${card.risk}`] : []),
    `expires ${date(card.expiresAt)}`,
  ].join(" · ");
  const long = card.body.length > ours.homeBodyChars;
  return [
    text(`*${escapeText(oneLine(card.title, slackLimits.headerChars))}*`),
    ...(long
      ? [text(`It is too long to be shown here: please decide in ${link("its thread", url)}.`)]
      : richBody(card.body)),
    context(about),
    ...(long ? [] : buttons(card, actionIds.home)),
  ];
}

function approvals(overview: Overview, { workspaceUrl, decided }: HomeContext): KnownBlock[] {
  const waiting = overview.approvals.filter(({ card }) => card.approval !== decided);
  const more = waiting.slice(ours.homeCards);
  return [
    head("Waiting for you"),
    ...(waiting.length === 0 ? [text(empty.approvals)] : []),
    ...waiting.slice(0, ours.homeCards).flatMap((one) => approvalBlocks(one, workspaceUrl)),
    ...(more.length === 0
      ? []
      : sections(["And in their threads:", ...more.map((one) => approvalLine(one, workspaceUrl))])),
  ];
}

/** Everything a person has here, in Slack's Home tab; each empty part says what to do. Pure. */
export function homeView(overview: Overview, context: HomeContext): HomeView {
  const { workspaceUrl, notice } = context;
  const blocks: KnownBlock[] = [
    ...(notice === undefined ? [] : [text(notice)]),
    ...approvals(overview, context),
    ...listed(
      "Threads",
      overview.threads.map((one) => threadLine(one, workspaceUrl)),
      empty.threads,
    ),
    ...listed("Sites", overview.sites.map(siteLine), empty.sites),
    ...listed("Files", overview.files.map(fileLine), empty.files),
    ...listed("Connected accounts", [], empty.accounts),
    ...listed("Schedules", [], empty.schedules),
    ...listed("Usage", [usageLine(overview.usage)], ""),
    head("Settings"),
    text(`${modelLine(overview.settings)}\n${hostsLine(overview.settings)}`),
    { type: "actions", elements: [button("Change…", actionIds.settings, "settings")] },
  ];
  return { type: "home", blocks: blocks.slice(0, slackLimits.blocksPerView) };
}
