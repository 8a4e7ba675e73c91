import type { EntityMetadata, KnownBlock } from "@slack/types";
import type { ApprovalCard, ThreadEvent } from "../../kernel/events/types.ts";
import { UserId } from "../../kernel/ids.ts";
import { actionIds, answerValue } from "./actions.ts";
import { slackIds } from "./ids.ts";
import { ours, slackLimits } from "./limits.ts";
import { breakTokens, clip, escapeText, oneLine } from "./mrkdwn.ts";
import type { Card } from "./view.ts";

/** A message as Slack takes it. `text` is for notifications and for what cannot show blocks. */
export interface SlackMessageBody {
  text: string;
  blocks?: KnownBlock[];
  /** Work Objects, for the message's metadata. */
  entities?: EntityMetadata[];
}

/** A person of Slack by their mention, from a verified id; anybody else by the escaped name. */
function person(id: string, name: string): string {
  const user = UserId.safeParse(id);
  return user.success && slackIds.isSlack(user.data)
    ? `<@${slackIds.person(user.data).user}>`
    : escapeText(oneLine(name, 80));
}

/** Slack's own date token: everyone reads it in their own time zone. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export const date = (ms: number): string =>
  `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time}|${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC>`;

export const context = (text: string): KnownBlock => ({
  type: "context",
  elements: [{ type: "mrkdwn", text: clip(text, slackLimits.sectionChars) }],
});

export const button = (label: string, actionId: string, value: string, style?: "primary" | "danger") => ({
  type: "button" as const,
  text: {
    type: "plain_text" as const,
    text: oneLine(breakTokens(label), slackLimits.buttonTextChars) || "…",
    emoji: false,
  },
  action_id: actionId,
  value: value.slice(0, slackLimits.buttonValueChars),
  ...(style === undefined ? {} : { style }),
});

/** What a person may do about a waiting card. `idOf` names the actions where they are not those of a message. */
export function buttons(card: ApprovalCard, idOf = (action: string): string => action): KnownBlock[] {
  if (card.kind === "approval")
    return [
      {
        type: "actions",
        elements: [
          button("Approve", idOf(actionIds.approve), card.approval, "primary"),
          button("Deny", idOf(actionIds.deny), card.approval, "danger"),
          ...(card.editable.length === 0 ? [] : [button("Edit first", actionIds.edit, card.approval)]),
        ],
      },
    ];
  const choices = card.choices.map((choice, n) =>
    button(choice.label, idOf(actionIds.answer(n)), answerValue(card.approval, choice.id)),
  );
  const rows: KnownBlock[] = [];
  for (let at = 0; at < choices.length && rows.length < 4; at += slackLimits.actionsPerBlock)
    rows.push({ type: "actions", elements: choices.slice(at, at + slackLimits.actionsPerBlock) });
  return rows;
}

function waiting(card: ApprovalCard): string {
  const asked = `Asked by ${person(card.requester, card.requesterName)}`;
  const others = card.deciders.filter((id) => id !== card.requester).slice(0, 10);
  const who =
    others.length === 0
      ? "who alone may decide"
      : `decided by ${card.deciders
          .slice(0, 10)
          .map((id) => person(id, id))
          .join(", ")}`;
  const risk = card.kind === "approval" ? ` · risk: ${card.risk}` : "";
  return `${asked}, ${who}${risk} · expires ${date(card.expiresAt)}`;
}

function settled(card: Card): string {
  const by = person(card.by ?? "", card.byName);
  const why = card.reason === null || card.reason === "" ? "" : ` — ${escapeText(oneLine(card.reason, 300))}`;
  switch (card.state) {
    case "approved":
      return `✅ Approved by ${by}, ${date(card.at)}${why}`;
    case "denied":
      return `⛔ Denied by ${by}, ${date(card.at)}${why}. Nothing ran.`;
    case "answered": {
      const label = card.card.choices.find((choice) => choice.id === card.choice)?.label ?? card.choice ?? "";
      return `✅ ${person(card.by ?? "", card.byName)} chose *${escapeText(oneLine(label, 200))}*, ${date(card.at)}`;
    }
    case "expired":
      return `⌛ Expired ${date(card.at)}. Nothing ran; ask again if it is still wanted.`;
    case "pending":
      return waiting(card.card);
  }
}

/** The card as it stands now: with buttons while it waits, with who decided and when after that. `body` is inert. */
export function cardMessage(card: Card): SlackMessageBody {
  const title = oneLine(breakTokens(card.card.title), slackLimits.headerChars) || "A decision is needed";
  const pending = card.state === "pending";
  const body = card.card.body.trim();
  return {
    text: escapeText(pending ? `${title}: a decision is needed` : `${title}: ${card.state}`),
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: false } },
      ...(body === "" ? [] : [{ type: "markdown" as const, text: clip(body, ours.cardBodyChars + 500) }]),
      context(settled(card)),
      ...(pending ? buttons(card.card) : []),
    ],
  };
}

/** Two thumbs under the last message of an answer. https://docs.slack.dev/reference/block-kit/blocks/context-actions-block */
export function feedbackBlock(turn: string): KnownBlock {
  const thumb = (text: string, sense: "up" | "down") => ({
    text: { type: "plain_text" as const, text, emoji: false },
    accessibility_label: sense === "up" ? "This answer was good" : "This answer was bad",
    value: `${sense}|${turn}`,
  });
  return {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: actionIds.feedback,
        positive_button: thumb("Good answer", "up"),
        negative_button: thumb("Bad answer", "down"),
      },
    ],
  };
}

type SitePublished = Extract<ThreadEvent, { type: "site.published" }>;

/** The link card of a published site. The address is ours, so it is a button; Slack must not unfurl it. */
export function siteBlocks(site: SitePublished): { text: string; blocks: KnownBlock[] } {
  const title = escapeText(oneLine(site.title || site.slug, slackLimits.headerChars));
  const url = escapeText(site.url).replaceAll("|", "%7C");
  const files = site.files === 1 ? "1 file" : `${site.files} files`;
  return {
    text: `${title} is published: ${url}`,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `*${title}* is published\n<${url}>` } },
      context(`Version ${site.version} · ${files}`),
      {
        type: "actions",
        elements: [
          {
            type: "button",
            text: { type: "plain_text", text: "Open site", emoji: false },
            action_id: actionIds.open,
            url: site.url,
          },
        ],
      },
    ],
  };
}

type DiffShown = Extract<ThreadEvent, { type: "diff.shown" }>;

/** Lines of a diff that fit into one message, in a fence that nothing in them can end. */
function diffFence(text: string, cut: boolean): string {
  const room = ours.cardBodyChars;
  const lines = text.length <= room ? text : text.slice(0, text.lastIndexOf("\n", room) + 1);
  const longest = Math.max(2, ...(lines.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const rest = cut || lines.length < text.length ? "\n\n_The diff goes on; all of it is in the file._" : "";
  return `${fence}diff\n${breakTokens(lines).replace(/\n?$/, "\n")}${fence}${rest}`;
}

/** What a thread has changed in a repo: files with their lines, and the diff. */
export function diffBlocks(diff: DiffShown): { text: string; blocks: KnownBlock[] } {
  const repo = escapeText(oneLine(diff.repo, 80));
  const total = (side: "added" | "removed") => diff.files.reduce((sum, file) => sum + (file[side] ?? 0), 0);
  const count = diff.files.length + diff.more;
  const sums = `${count === 1 ? "1 file" : `${count} files`} · +${total("added")} −${total("removed")}`;
  const files = diff.files.slice(0, 12).map(({ path, added, removed }) => {
    const name = escapeText(oneLine(path, 120)).replaceAll("`", "'");
    return `• \`${name}\` ${added === null ? "binary" : `+${added} −${removed ?? 0}`}`;
  });
  const more = count - files.length;
  return {
    text: `Changes in ${repo}: ${sums}`,
    blocks: [
      {
        type: "section",
        text: {
          type: "mrkdwn",
          text: clip(
            [`*Changes in ${repo}*`, ...files, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n"),
            slackLimits.sectionChars,
          ),
        },
      },
      context(`${sums} · branch ${escapeText(oneLine(diff.branch, 120))} · not committed`),
      { type: "markdown", text: diffFence(diff.text, diff.path !== null) },
    ],
  };
}
