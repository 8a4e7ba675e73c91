import { SandboxAddon } from "@cloudflare/sandbox/xterm";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { leaveKey } from "./leave.ts";
import { lineAfter, type Line } from "./lines.ts";

/*
 * The document of the terminal panel's frame: one shell in one computer. It is a document of its own because xterm writes
 * inline styles, which the page's policy forbids.
 */
const query = new URLSearchParams(location.search);
const as = query.get("as") ?? "";
const box = query.get("box") ?? "";

const part = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The frame has no ${id}.`);
  return found;
};
const screen = part("screen");
const again = part("again");

const terminal = new Terminal({
  cursorBlink: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  // A reader of the screen hears what the shell writes.
  screenReaderMode: true,
  fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSize: 13,
  scrollback: 5_000,
  minimumContrastRatio: 4.5,
  theme: { background: "#0b1a26", foreground: "#e2ecf2", cursor: "#5fe0d8", selectionBackground: "#2b5a72" },
});
const fit = new FitAddon();
let line: Line = { text: "", again: false };
const addon = new SandboxAddon({
  // Waking a computer again is for the person to say.
  reconnect: false,
  getWebSocketUrl: ({ origin }) => {
    const size = { cols: String(terminal.cols), rows: String(terminal.rows) };
    return `${origin}/terminal?${new URLSearchParams({ as, box, ...size }).toString()}`;
  },
  onStateChange: (state, error) => {
    line = lineAfter(line, state, error?.message);
    part("line").textContent = line.text;
    document.body.dataset["state"] = line.again ? "over" : state;
    again.hidden = !line.again;
    if (line.again && document.activeElement === document.body) again.focus();
  },
});
terminal.loadAddon(fit);
terminal.loadAddon(addon);
terminal.open(screen);
terminal.textarea?.setAttribute("aria-label", `Shell in the computer ${box}`);
fit.fit();
new ResizeObserver(() => fit.fit()).observe(screen);

const connect = (): void => {
  line = { text: "", again: false };
  again.hidden = true;
  addon.connect({ sandboxId: box });
  terminal.focus();
};
again.addEventListener("click", connect);
// Tab and Esc are the shell's: this key leads out.
terminal.attachCustomKeyEventHandler((event) => !leaveKey(event));
window.addEventListener("keydown", (event) => {
  if (!leaveKey(event)) return;
  event.preventDefault();
  window.parent.postMessage("deckhand:leave-terminal", location.origin);
});
window.addEventListener("focus", () => terminal.focus());
connect();
