import type { PageMessage } from "../../workspace/page-api.ts";
import { formatRoute } from "../state/route.ts";
import { reasonOf } from "../state/session.ts";
import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";
import { ReactMenu } from "./reactions.tsx";
import { shortcutItems } from "./shortcuts.ts";
import { Menu, type MenuItem } from "./menu.tsx";

interface Props {
  message: PageMessage;
  mine: boolean;
  inThread: boolean;
  edit: () => void;
}

/** What can be done with a message: shown on hover and while the focus is inside. */
export function MessageTools({ message, mine, inThread, edit }: Props) {
  const deck = useDeck();
  const { session, go, confirm } = deck;
  const thread = message.threadTs ?? message.ts;
  const openThread = () => go({ view: "channel", channel: message.channel, thread });
  const copyLink = () => {
    const hash = formatRoute({ view: "channel", channel: message.channel, thread });
    navigator.clipboard
      ?.writeText(`${location.origin}/${hash}`)
      .then(() => session.toast("Link copied.", "info"))
      .catch(() => session.toast("The browser did not allow copying."));
  };
  const remove = async () => {
    const question = {
      title: "Delete this message?",
      text: "It is gone for everybody. This cannot be undone.",
      yes: "Delete",
      no: "Keep",
      danger: true,
    };
    if (!(await confirm(question))) return;
    try {
      await session.api.remove(message.channel, message.ts);
    } catch (thrown) {
      session.toast(reasonOf(thrown));
    }
  };
  const items: MenuItem[] = [
    { label: "Copy link", icon: "link", onPick: copyLink },
    ...shortcutItems(deck, "message", message),
    ...(mine
      ? ([
          { label: "Edit message", icon: "edit", testId: "edit", onPick: edit },
          { label: "Delete message", icon: "trash", danger: true, testId: "delete", onPick: () => void remove() },
        ] satisfies MenuItem[])
      : []),
  ];
  return (
    <div class="message-tools">
      {!inThread && (
        <button
          type="button"
          class="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          data-testid="reply"
          onClick={openThread}
        >
          <Icon name="reply" size={16} />
        </button>
      )}
      <ReactMenu message={message} />
      <Menu label="More actions" icon="more" items={items} testId="message-menu" />
    </div>
  );
}
