import { useState } from "preact/hooks";
import type { PageChannel } from "../../workspace/page-api.ts";
import { formatRoute, type Route } from "../state/route.ts";
import { useDeck } from "./deck.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Logo } from "./logo.tsx";
import { ActAs } from "./people.tsx";
import { applyTheme, storedTheme, themes, type Theme } from "./theme.ts";

const themeIcons: Record<Theme, IconName> = { system: "screen", light: "sun", dark: "moon" };

export function Sidebar({ search }: { search: () => void }) {
  const { state, terminal } = useDeck();
  const channels = state.channels.filter((c) => c.kind === "channel");
  const dms = state.channels.filter((c) => c.kind === "dm");
  const on = state.features.filter((f) => f.on).length;
  return (
    <nav class="sidebar" aria-label="Workspace" onKeyDown={walkLinks}>
      <header class="sidebar-head">
        <Logo size={32} />
        <span class="sidebar-name">
          <strong>{state.team.name}</strong>
          <small>Local workspace</small>
        </span>
        <ThemeToggle />
      </header>
      <button type="button" class="jump" onClick={search} data-testid="open-switcher">
        <Icon name="search" size={16} />
        <span>Jump to…</span>
        <kbd>{navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl"} K</kbd>
      </button>
      <div class="sidebar-scroll">
        <ul>
          <Entry to={{ view: "home" }} icon="home" name="Home" testId="home-tab" />
          <Entry
            to={{ view: "features" }}
            icon="gauge"
            name="What is on"
            testId="features-tab"
            note={state.features.length === 0 ? "" : `${on}/${state.features.length}`}
          />
          {terminal !== null && (
            <li>
              <button
                type="button"
                class="nav"
                aria-pressed={terminal.open}
                data-testid="terminal-tab"
                onClick={terminal.toggle}
              >
                <Icon name="terminal" />
                <span class="nav-name">Terminal</span>
                <span class="nav-note">Ctrl `</span>
              </button>
            </li>
          )}
        </ul>
        <h2>Channels</h2>
        <ul>
          {channels.map((channel) => (
            <ChannelEntry key={channel.id} channel={channel} />
          ))}
        </ul>
        {dms.length > 0 && (
          <>
            <h2>Direct messages</h2>
            <ul>
              {dms.map((channel) => (
                <ChannelEntry key={channel.id} channel={channel} />
              ))}
            </ul>
          </>
        )}
      </div>
      <ActAs />
    </nav>
  );
}

function Entry({
  to,
  icon,
  name,
  testId,
  note = "",
}: {
  to: Route;
  icon: IconName;
  name: string;
  testId: string;
  note?: string;
}) {
  const { route } = useDeck();
  const here = route.view === to.view;
  return (
    <li>
      <a class="nav" href={formatRoute(to)} aria-current={here ? "page" : undefined} data-testid={testId}>
        <Icon name={icon} />
        <span class="nav-name">{name}</span>
        {note !== "" && <span class="nav-note">{note}</span>}
      </a>
    </li>
  );
}

function ChannelEntry({ channel }: { channel: PageChannel }) {
  const { route } = useDeck();
  const here = route.view === "channel" && route.channel === channel.id;
  const fresh = channel.unread > 0 && !here;
  return (
    <li>
      <a
        class={fresh ? "nav unread" : "nav"}
        href={formatRoute({ view: "channel", channel: channel.id, thread: null })}
        aria-current={here ? "page" : undefined}
        data-testid={`channel-${channel.id}`}
      >
        {channel.kind === "dm" ? <Logo size={20} /> : <Icon name="hash" size={16} />}
        <span class="nav-name">{channel.name}</span>
        {channel.shared !== undefined && <span class="nav-note">{channel.shared}</span>}
        {fresh && (
          <span class="nav-count" aria-label={`${channel.unread} unread`}>
            {channel.unread > 99 ? "99+" : channel.unread}
          </span>
        )}
      </a>
    </li>
  );
}

function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const label = `Colours: ${theme}. Change to ${next}`;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      data-testid="theme"
      onClick={() => {
        applyTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={themeIcons[theme]} />
    </button>
  );
}

/** Arrows go up and down the links of the sidebar. */
function walkLinks(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const target = event.target;
  if (!(target instanceof HTMLElement) || !target.matches("a.nav")) return;
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("a.nav")];
  all[all.indexOf(target) + step]?.focus();
}
