import type { InputBlock, KnownBlock, ModalView } from "@slack/types";
import { z } from "zod";
import type { Principal } from "../../kernel/chat/types.ts";
import type { ApprovalCard } from "../../kernel/events/types.ts";
import { ApprovalId } from "../../kernel/ids.ts";
import type { Settings } from "../../kernel/user/overview.ts";
import { homeOf } from "./home-team.ts";
import { slackIds } from "./ids.ts";
import { slackLimits } from "./limits.ts";
import { breakTokens, clip, escapeText, oneLine } from "./mrkdwn.ts";
import { acting, actor, viewPlace } from "./payloads.ts";
import { QuotedMessage } from "./quote.ts";
import { quotedBody } from "./quoted-body.ts";

/* Forms: what they show, and what comes back of them. What a form carries along is read again as if a stranger sent it. */

export const forms = {
  settings: "deckhand:settings",
  edit: "deckhand:edit",
  ask: "deckhand:ask",
  begin: "deckhand:begin",
} as const;
/** The form's one field where there is only one. */
const only = "value";

const plain = (text: string, max: number) => ({
  type: "plain_text" as const,
  text: oneLine(breakTokens(text), max) || "…",
  emoji: false,
});

interface Field {
  name: string;
  label: string;
  value: string;
  optional: boolean;
  multiline?: boolean;
  hint?: string;
  placeholder?: string;
}

const input = ({ name, label, value, optional, multiline = false, hint, placeholder }: Field): InputBlock => ({
  type: "input",
  block_id: name,
  label: plain(label, slackLimits.labelChars),
  optional,
  ...(hint === undefined ? {} : { hint: plain(hint, slackLimits.labelChars) }),
  element: {
    type: "plain_text_input",
    action_id: only,
    multiline,
    max_length: slackLimits.inputChars,
    ...(value === "" ? {} : { initial_value: value }),
    ...(placeholder === undefined ? {} : { placeholder: plain(placeholder, 150) }),
  },
});

const modal = (
  callback: string,
  title: string,
  submit: string,
  metadata: unknown,
  blocks: KnownBlock[],
): ModalView => ({
  type: "modal",
  callback_id: callback,
  title: plain(title, slackLimits.viewTitleChars),
  submit: plain(submit, slackLimits.viewTitleChars),
  close: plain("Cancel", slackLimits.viewTitleChars),
  private_metadata: JSON.stringify(metadata),
  blocks: blocks.slice(0, slackLimits.blocksPerView),
});

/** Which model answers, empty is the owner's; and which hosts the person's computers may reach. */
export const settingsModal = ({ model, hosts }: Settings): ModalView =>
  modal(forms.settings, "Settings", "Save", {}, [
    input({
      name: "model",
      label: "Model",
      value: model ?? "",
      optional: true,
      placeholder: "anthropic:claude-sonnet-5-5",
      hint: "The provider and the model's name; empty for the one that Deckhand's owner has set.",
    }),
    input({
      name: "hosts",
      label: "Hosts your computers may reach",
      value: hosts.join("\n"),
      optional: true,
      multiline: true,
      placeholder: "pypi.org",
      hint: "One a line, such as pypi.org or *.example.com. Everything else is closed, and so is all of it when this is empty.",
    }),
  ]);

/** A field that does not fit into a form is not changed by it. */
const fitsForm = ({ value }: ApprovalCard["editable"][number]): boolean => value.length <= slackLimits.inputChars;

/** What would run, to be changed. `home`: it was opened there, and is shown anew there. */
export const editModal = (card: ApprovalCard, home: boolean): ModalView =>
  modal(forms.edit, "Edit before approving", "Show the change", { approval: card.approval, home }, [
    {
      type: "section",
      text: { type: "mrkdwn", text: `*${escapeText(oneLine(card.title, slackLimits.headerChars))}*`, verbatim: true },
    },
    ...card.editable
      .filter(fitsForm)
      .map(({ name, label, value }) =>
        input({ name, label, value, optional: true, multiline: value.length > 100 || value.includes("\n") }),
      ),
    {
      type: "context",
      elements: [
        { type: "mrkdwn", text: "Nothing runs yet: the card will show the change, and waits for your Approve." },
      ],
    },
  ]);

/** A question about a message. */
export const askModal = (quoted: QuotedMessage): ModalView =>
  modal(forms.ask, "Ask Deckhand", "Ask", quoted, [
    ...quotedBody(quoted.text === "" ? "_(no text)_" : quoted.text),
    input({
      name: "question",
      label: "What shall Deckhand do with this message?",
      value: "",
      optional: false,
      multiline: true,
      hint: "The answer comes into the message's thread, where everybody sees it.",
    }),
  ]);

/** A question of its own: a new thread in the person's DM with the app. */
export const beginModal = (): ModalView =>
  modal(forms.begin, "Ask Deckhand", "Ask", {}, [
    input({
      name: "question",
      label: "What shall Deckhand do?",
      value: "",
      optional: false,
      multiline: true,
      hint: "The answer comes as a direct message, which nobody else sees.",
    }),
  ]);

const Submission = z.object({
  type: z.literal("view_submission"),
  ...acting,
  user: actor,
  view: z.object({
    id: z.string().max(64),
    ...viewPlace,
    callback_id: z.string(),
    private_metadata: z.string().max(slackLimits.viewMetadataChars),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().nullish() }))),
    }),
  }),
});

export interface Submitted {
  by: Principal;
  view: string;
  metadata: unknown;
  /** By name of the field; an empty one is "". */
  values: Record<string, string>;
}

/** A form that was sent; null when it is none of Slack's making. */
export function readSubmission(body: unknown): Submitted | null {
  const read = Submission.safeParse(body);
  if (!read.success) return null;
  const { user, team, enterprise, view } = read.data;
  const ours = [view.app_installed_team_id, team?.enterprise_id, enterprise?.id];
  const home = homeOf([user.team_id], [team?.id, view.team_id], ours);
  if (!home) return null;
  const values = Object.entries(view.state.values).map(([name, given]) => [name, given[only]?.value ?? ""] as const);
  return {
    by: { id: slackIds.user(home, user.id), name: user.username ?? user.name ?? user.id },
    view: view.id,
    metadata: readJson(view.private_metadata),
    values: Object.fromEntries(values),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const Edit = z.object({ approval: ApprovalId, home: z.boolean() });

/** Which approval is to be changed and how. Only fields that its card offers are taken. */
export function readEdit({ metadata }: Submitted): z.infer<typeof Edit> | null {
  return Edit.safeParse(metadata).data ?? null;
}

export function changesOf(card: ApprovalCard, { values }: Submitted): Record<string, string> {
  const changed = card.editable.filter(fitsForm).flatMap(({ name }) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(changed);
}

/** The field that an error is shown at: the first that was changed, or else the first there is. */
export function changedField(card: ApprovalCard, changes: Record<string, string>): string {
  const names = card.editable.filter(fitsForm);
  return (names.find(({ name, value }) => changes[name] !== value) ?? names[0])?.name ?? "";
}

export const readSettings = ({ values }: Submitted): Settings => {
  const model = (values["model"] ?? "").trim();
  const hosts = (values["hosts"] ?? "").split(/[\s,]+/).filter((host) => host !== "");
  return { model: model === "" ? null : model.slice(0, 200), hosts };
};

export interface Question {
  quoted: QuotedMessage;
  question: string;
}

export function readQuestion({ metadata, values }: Submitted): Question | null {
  const quoted = QuotedMessage.safeParse(metadata);
  const question = (values["question"] ?? "").trim();
  return quoted.success && question !== "" ? { quoted: quoted.data, question } : null;
}

export const readBegin = ({ values }: Submitted): string | null => (values["question"] ?? "").trim() || null;

/** What is posted for the person, so that everybody sees what is answered. Pings nobody. */
export const askedText = ({ by, question }: { by: Principal; question: string }): string =>
  clip(`*${escapeText(oneLine(by.name, 80))}* asks: ${escapeText(question)}`, slackLimits.sectionChars);
