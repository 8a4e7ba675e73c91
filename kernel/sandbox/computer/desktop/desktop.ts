import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import { quoted } from "../repos/shell.ts";
import type { Box, ExecResult } from "../types.ts";
import { commandOf, screen, type DesktopAction } from "./actions.ts";

const display = ":1";
/** Commands of the desktop share a session of their own, so that they change nothing in a thread's. */
const session = "desktop";
/** Without a UTF-8 locale xdotool types no letter beyond ASCII. */
const head = `export DISPLAY=${display} LC_ALL=C.UTF-8`;
const picture = "/tmp/deckhand-screen";

/*
 * Starts the screen when there is none. It is started once, without a network port, and outlives the call; a window
 * manager is taken when there is one, and is not needed.
 */
const start = `${head}
if ! xdotool getdisplaygeometry >/dev/null 2>&1; then
  for needed in Xvfb xdotool scrot; do command -v "$needed" >/dev/null || { echo "missing $needed" >&2; exit 86; }; done
  rm -f /tmp/.X1-lock
  setsid Xvfb ${display} -screen 0 ${screen.width}x${screen.height}x24 -nolisten tcp >/dev/null 2>&1 </dev/null &
  for n in $(seq 100); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.05; done
  xdotool getdisplaygeometry >/dev/null || exit 87
  manager=$(command -v openbox || command -v matchbox-window-manager || true)
  if [ -n "$manager" ]; then setsid "$manager" >/dev/null 2>&1 </dev/null & fi
fi
`;

const findBrowser = "command -v chromium || command -v chromium-browser || command -v google-chrome";
const wantsBrowser = `{ ${findBrowser}; } >/dev/null || { echo "missing chromium" >&2; exit 86; }`;
const browser = (url: string) =>
  `export DISPLAY=${display}; exec "$(${findBrowser})" --no-sandbox --test-type --disable-dev-shm-usage --disable-gpu --no-first-run --no-default-browser-check --disable-background-networking --disable-component-update --disable-sync --password-store=basic --user-data-dir=/home/box/.config/deckhand-chromium --window-position=0,0 --window-size=${screen.width},${screen.height} ${quoted(url)}`;

/** One picture: large for the model, small for the thread. Both JPEG. */
export interface Screenshot {
  large: Uint8Array;
  small: Uint8Array;
}

/** The one screen of a box: does an action and looks at what came of it. */
export class Desktop {
  readonly #box: Box;
  readonly #signal: AbortSignal;

  constructor(box: Box, signal: AbortSignal) {
    this.#box = box;
    this.#signal = signal;
    if (box.kind === "simulated")
      throw new KernelError(
        "computer.unsupported",
        "The simulated shell has no desktop: a screen needs a real computer.",
      );
  }

  async do(action: DesktopAction): Promise<Screenshot> {
    await this.#run(start);
    if (action.action === "open") await this.#run(wantsBrowser);
    const order = commandOf(action);
    if (order) await this.#run(`${head}\n${order.command}`, order.stdin);
    if (action.action === "open") await this.#box.start({ command: browser(action.url), session });
    return this.#look(
      action.action === "open"
        ? "for n in $(seq 60); do xdotool search --onlyvisible --class chrom >/dev/null 2>&1 && break; sleep 0.1; done; sleep 1"
        : "sleep 0.2",
    );
  }

  /** Programs paint after they were told to: `settle` is waited for first. */
  async #look(settle: string): Promise<Screenshot> {
    await this.#run(`${head}\n${settle}\nrm -f ${picture}*\nscrot --overwrite --quality 70 --thumb 50 ${picture}.jpg`);
    const [large, small] = [await this.#box.read(`${picture}.jpg`), await this.#box.read(`${picture}-thumb.jpg`)];
    if (large === null) throw new KernelError("computer.unavailable", "The screen could not be looked at.");
    return { large, small: small ?? large };
  }

  async #run(command: string, stdin?: string): Promise<ExecResult> {
    const result = await this.#box.exec({
      command,
      session,
      ...(stdin === undefined ? {} : { stdin }),
      timeoutMs: limits.computer.defaultCommandMs,
      onOutput: () => undefined,
      signal: this.#signal,
    });
    if (result.exitCode === 0) return result;
    const why = result.limits[0] ?? result.stderr.trim().split("\n").at(-1) ?? "";
    const absent = result.exitCode === 86 || result.exitCode === 127;
    throw absent
      ? new KernelError(
          "computer.unsupported",
          `This computer has no desktop to use (${why.slice(0, 100)}). It needs Xvfb, xdotool, scrot and chromium, which whoever runs Deckhand can install.`,
        )
      : new KernelError("computer.unavailable", `The desktop did not do that: ${why.slice(0, 200)}`);
  }
}
