/** A source and the tests that must notice a change in it: the one beside it unless others are named. */
export interface Mutated {
  source: string;
  tests: string[];
}

const beside = (source: string): Mutated => ({ source, tests: [source.replace(/\.ts$/, ".test.ts")] });
const shown = (source: string, ...tests: string[]): Mutated => ({ source, tests });

/** What stands between one person's things and another's. At least 90 % of the changes must be noticed here. */
export const security: Mutated[] = [
  beside("kernel/approvals/decide.ts"),
  beside("kernel/approvals/canonical.ts"),
  beside("kernel/approvals/editable.ts"),
  beside("kernel/approvals/subject.ts"),
  beside("kernel/ids.ts"),
  beside("kernel/same-text.ts"),
  beside("kernel/files/paths.ts"),
  beside("kernel/user/way-out.ts"),
  beside("kernel/sandbox/computer/allowed-hosts.ts"),
  beside("kernel/sandbox/computer/host/egress/address.ts"),
  beside("kernel/sandbox/computer/preview-label.ts"),
  beside("kernel/sandbox/computer/preview.ts"),
  shown("kernel/sandbox/computer/base32.ts", "kernel/sandbox/computer/preview-label.test.ts"),
  beside("kernel/sandbox/computer/repos/names.ts"),
  beside("kernel/installations/ticket.ts"),
  beside("adapters/slack/inert.ts"),
  shown("adapters/slack/inert-line.ts", "adapters/slack/inert.test.ts"),
  shown("adapters/slack/inert-link.ts", "adapters/slack/inert.test.ts"),
  beside("bots/slack/signature.ts"),
  beside("kernel/thread/approvals/nested-decide.ts"),
  beside("kernel/thread/turn/next.ts"),
];

/** What else is decided without I/O. */
export const pure: Mutated[] = [
  "kernel/attachments/kind.ts",
  "kernel/attachments/first-pages.ts",
  "kernel/channel/decide.ts",
  "kernel/channel/pace.ts",
  "kernel/channel/calm.ts",
  "kernel/chat/authored.ts",
  "kernel/files/glob.ts",
  "kernel/files/in-turn.ts",
  "kernel/files/media-type.ts",
  "kernel/installations/decide.ts",
  "kernel/models/choose.ts",
  "kernel/models/errors.ts",
  "kernel/sandbox/computer/decide.ts",
  "kernel/sandbox/computer/shell-text.ts",
  "kernel/sandbox/computer/sync/decide.ts",
  "kernel/sandbox/computer/sync/names.ts",
  "kernel/sandbox/computer/sync/budget.ts",
  "kernel/sites/plan.ts",
  "kernel/sites/range.ts",
  "kernel/sites/resolve.ts",
  "kernel/user/told.ts",
  "kernel/user/uploads.ts",
  "kernel/thread/says-stop.ts",
  "kernel/thread/turn/transcript.ts",
  "kernel/tools/slice-text.ts",
  "adapters/slack/plan.ts",
  "adapters/slack/split.ts",
  "adapters/slack/segments.ts",
].map(beside);
