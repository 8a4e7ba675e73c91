import { useEffect, useRef, useState } from "preact/hooks";
import { formatRoute, parseRoute, type Route } from "../state/route.ts";
import { openSession, type Session } from "../state/session.ts";
import { ChannelPane } from "./channel.tsx";
import { Confirm, type Question } from "./confirm.tsx";
import { type Deck, DeckProvider } from "./deck.ts";
import { EntityFlyout } from "./entity.tsx";
import { FeaturesPane } from "./features.tsx";
import { HomePane } from "./home.tsx";
import { keepMe, storedMe } from "./me.ts";
import { Modal } from "./modal.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Switcher } from "./switcher.tsx";
import { TerminalPanel, useTerminal } from "./terminal.tsx";
import { ThreadPane } from "./thread.tsx";
import { Toasts } from "./toasts.tsx";
import { Welcome } from "./welcome.tsx";

export function App() {
  const [session, setSession] = useState<Session>(() => openSession(storedMe()));
  const [, redraw] = useState({});
  const [route, setRoute] = useState<Route>(() => parseRoute(location.hash));
  const [drawer, setDrawer] = useState(false);
  const [switcher, setSwitcher] = useState(false);
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);

  useEffect(() => session.subscribe(() => redraw({})), [session]);
  useEffect(() => () => session.close(), [session]);
  const model = session.model();
  const { state } = model;
  const hasTerminal = state?.terminal === true;
  const terminal = useTerminal(hasTerminal);

  const become = (id: string) => {
    keepMe(id);
    setSession(openSession(id));
  };
  // Nobody yet, or somebody this workspace does not know: the first person there is.
  const known = state?.people.some((p) => p.id === model.me && !p.bot) ?? true;
  const first = state?.people.find((p) => !p.bot)?.id;
  useEffect(() => {
    if (!known && first !== undefined) become(first);
  }, [known, first]);

  const go = (to: Route) => {
    const hash = formatRoute(to);
    if (location.hash !== hash) location.hash = hash;
    setRoute(to);
  };
  const now = useRef({ route, go });
  now.current = { route, go };
  useEffect(() => {
    const moved = () => {
      setRoute(parseRoute(location.hash));
      setDrawer(false);
    };
    const open = () => setDrawer(true);
    const key = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSwitcher((shown) => !shown);
      } else if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("dialog[open]") === null) {
        setDrawer(false);
        const { route, go } = now.current;
        if (route.view === "channel" && route.thread !== null) go({ ...route, thread: null });
      }
    };
    window.addEventListener("hashchange", moved);
    window.addEventListener("deckhand:sidebar", open);
    window.addEventListener("keydown", key);
    return () => {
      window.removeEventListener("hashchange", moved);
      window.removeEventListener("deckhand:sidebar", open);
      window.removeEventListener("keydown", key);
    };
  }, []);

  const wanted = route.view === "channel" ? route.channel : null;
  const channel = state?.channels.find((c) => c.id === wanted) ?? (wanted === null ? undefined : state?.channels[0]);
  const start = state?.channels[0];
  // No place, or one this person may not see: the first channel.
  const lost =
    state !== null && start !== undefined && (route.view === "none" || (wanted !== null && channel?.id !== wanted));
  useEffect(() => {
    if (lost && start !== undefined && known) {
      history.replaceState(
        null,
        "",
        `${location.search}${formatRoute({ view: "channel", channel: start.id, thread: null })}`,
      );
      setRoute({ view: "channel", channel: start.id, thread: null });
    }
  }, [lost, start?.id, known]);

  const place = route.view === "home" ? "Home" : route.view === "features" ? "What is on" : (channel?.name ?? "");
  const unread = state?.channels.reduce((sum, c) => sum + c.unread, 0) ?? 0;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${place === "" ? "" : `${place} · `}${state?.team.name ?? "Deckhand"}`;
  }, [place, unread, state?.team.name]);

  if (state === null || !known) return <Welcome failure={model.failure} lost={model.link === "lost"} />;
  const confirm = (question: Question): Promise<boolean> =>
    new Promise((resolve) => {
      setAsked({
        question,
        answer: (yes) => {
          setAsked(null);
          resolve(yes);
        },
      });
    });
  const toggleTerminal = () => {
    setDrawer(false);
    terminal.toggle();
  };
  const deck: Deck = {
    model,
    state,
    session,
    route,
    go,
    become,
    terminal: hasTerminal ? { ...terminal, toggle: toggleTerminal } : null,
    confirm,
  };
  const thread = route.view === "channel" && channel?.id === route.channel ? route.thread : null;
  return (
    <DeckProvider value={deck}>
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to the messages
      </a>
      <div class={`app ${drawer ? "drawer" : ""} ${thread === null ? "" : "with-thread"}`}>
        <Sidebar search={() => setSwitcher(true)} />
        <div class="drawer-veil" onClick={() => setDrawer(false)} />
        <main id="main" class="main" tabIndex={-1}>
          {model.link === "lost" && (
            <div class="offline" role="status" data-testid="offline">
              <span class="spinner" /> The connection to the workspace is lost. Trying again…
            </div>
          )}
          {model.link !== "lost" && state.away === true && (
            <div class="offline" role="status" data-testid="away">
              <span class="spinner" /> Deckhand is being started. What you write now reaches it in a moment.
            </div>
          )}
          <div class="panes">
            {route.view === "home" && <HomePane key={model.me} />}
            {route.view === "features" && <FeaturesPane />}
            {channel !== undefined && (
              <ChannelPane key={`${model.me}/${channel.id}`} channel={channel} threadOpen={thread !== null} />
            )}
            {channel !== undefined && thread !== null && (
              <ThreadPane key={`${model.me}/${channel.id}/${thread}`} channel={channel} ts={thread} />
            )}
          </div>
          {terminal.open && <TerminalPanel key={model.me} close={terminal.toggle} />}
        </main>
      </div>
      <EntityFlyout />
      {state.modal != null && <Modal key={state.modal.id} modal={state.modal} />}
      {switcher && <Switcher close={() => setSwitcher(false)} />}
      {asked !== null && <Confirm question={asked.question} answer={asked.answer} />}
      <Toasts />
    </DeckProvider>
  );
}

/** The hash is the page's place, so the skip link moves the focus by itself. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
