import type { PageChannel } from "../../workspace/page-api.ts";
import { botOf, shownName, useDeck } from "./deck.ts";
import { fill, placeKey } from "./drafts.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Logo } from "./logo.tsx";

const prompts: readonly { icon: IconName; title: string; text: string }[] = [
  { icon: "eye", title: "Get to know it", text: "what can you do?" },
  { icon: "trace", title: "Run some code", text: "compute the first 20 primes" },
  { icon: "screen", title: "Make a small site", text: "make a small site called Bread Club about baking" },
  { icon: "file", title: "Read a PDF", text: "what does the PDF say?" },
];

/** The head of a channel. While nothing is written there yet it shows what to try. */
export function ChannelIntro({ channel, empty }: { channel: PageChannel; empty: boolean }) {
  const { state, model } = useDeck();
  const bot = botOf(state);
  const name = shownName(bot);
  const dm = channel.kind === "dm";
  const lead = dm ? "" : `@${bot.name === name.toLowerCase() ? name : bot.name} `;
  return (
    <div class={empty ? "intro" : "intro small"}>
      <div class="intro-mark">{dm ? <Logo size={empty ? 52 : 40} /> : <Icon name="hash" size={empty ? 30 : 24} />}</div>
      <h2>{dm ? name : `#${channel.name}`}</h2>
      <p>
        {dm
          ? `This is between you and ${name}. Every message starts a thread of its own; there is no need to mention anybody.`
          : `This is the very beginning of #${channel.name}. Mention @${name} and it answers in a thread.`}
      </p>
      {empty && (
        <ul class="prompts" aria-label="Things to try">
          {prompts.map((prompt) => (
            <li key={prompt.title}>
              <button
                type="button"
                class="prompt"
                data-testid="prompt"
                onClick={() => fill(placeKey(model.me, channel.id, null), { text: lead + prompt.text })}
              >
                <Icon name={prompt.icon} />
                <span>
                  <strong>{prompt.title}</strong>
                  <span>
                    {lead}
                    {prompt.text}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
