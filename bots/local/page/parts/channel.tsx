import { useEffect, useState } from "preact/hooks";
import type { PageChannel } from "../../workspace/page-api.ts";
import { reasonOf } from "../state/session.ts";
import { Avatar } from "./avatar.tsx";
import { ChannelIntro } from "./channel-intro.tsx";
import { Composer } from "./composer.tsx";
import { botOf, personOf, shownName, useDeck } from "./deck.ts";
import { DropPane } from "./drop.tsx";
import { Icon } from "./icons.tsx";
import { MessageList } from "./message-list.tsx";
import { Top } from "./top.tsx";
import { lastOwn } from "./last-own.ts";

/** True when somebody writing this in that channel will be answered: then the thread is opened for them to watch. */
function wakesBot(channel: PageChannel, text: string, botName: string): boolean {
  return channel.kind === "dm" || text.toLowerCase().includes(`@${botName.toLowerCase()}`);
}

export function ChannelPane({ channel, threadOpen }: { channel: PageChannel; threadOpen: boolean }) {
  const { session, model, state, go } = useDeck();
  const [editing, setEditing] = useState<string | null>(null);
  const messages = model.channels[channel.id];
  useEffect(() => session.needChannel(channel.id), [channel.id]);
  useEffect(() => {
    if (channel.unread === 0) return;
    session.dispatch({ type: "read", channel: channel.id });
    // A mark that is not kept only shows the channel as unread once more.
    session.api.read(channel.id).catch(() => undefined);
  }, [channel.id, channel.unread]);

  const dm = channel.kind === "dm";
  const title = dm ? channel.name : `#${channel.name}`;
  const members = channel.members.map((id) => personOf(state, id));
  const bot = botOf(state);
  // Prompts without a thread are of the whole DM.
  const begin = state.statuses.find((one) => one.channel === channel.id && one.threadTs === "")?.prompts ?? [];
  return (
    <DropPane
      channel={channel.id}
      threadTs={null}
      name={title}
      class="pane channel-pane"
      label={title}
      testId="channel-pane"
    >
      <Top
        title={
          <>
            {dm ? <Avatar person={bot} size={24} /> : <Icon name="hash" size={18} />}
            <span>{channel.name}</span>
            {dm && <span class="tag">Agent</span>}
            {channel.shared !== undefined && <span class="tag external">Shared with {channel.shared}</span>}
          </>
        }
      >
        {!dm && members.length > 0 && (
          <span class="top-members" title={members.map(shownName).join(", ")}>
            {members.slice(0, 4).map((person) => (
              <Avatar key={person.id} person={person} size={24} />
            ))}
            <span>{members.length}</span>
          </span>
        )}
      </Top>
      <MessageList
        key={channel.id}
        messages={messages}
        inThread={false}
        label={`Messages in ${title}`}
        editing={editing}
        edit={setEditing}
        head={<ChannelIntro channel={channel} empty={messages?.length === 0} />}
      />
      {begin.length > 0 && (
        <div class="quick-prompts" role="group" aria-label="Suggestions">
          {begin.map((prompt) => (
            <button
              key={prompt.title}
              type="button"
              class="button small"
              data-testid="suggested-prompt"
              onClick={() => {
                session.api
                  .send({ channel: channel.id, threadTs: null, text: prompt.message, files: [] })
                  .then((ts) => go({ view: "channel", channel: channel.id, thread: ts }))
                  .catch((thrown: unknown) => session.toast(reasonOf(thrown)));
              }}
            >
              {prompt.title}
            </button>
          ))}
        </div>
      )}
      <Composer
        key={`${model.me}/${channel.id}`}
        channel={channel.id}
        threadTs={null}
        placeholder={`Message ${title}`}
        testId="composer"
        focus={!threadOpen && window.matchMedia("(hover: hover)").matches}
        onSent={(ts, text) => {
          if (ts !== "" && wakesBot(channel, text, bot.name)) go({ view: "channel", channel: channel.id, thread: ts });
        }}
        onEditLast={() => setEditing(lastOwn(messages, model.me))}
      />
    </DropPane>
  );
}
