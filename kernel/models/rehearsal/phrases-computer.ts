import type { Phrase } from "./phrases.ts";
import * as computer from "./plans/computer.ts";

const on = String.raw`(?:\s+(?:on|in|of)\s+(?:the\s+)?(?:computer\s+)?(?<box>[a-z][a-z0-9]{0,19}))?`;
const pattern = (text: string): RegExp => new RegExp(`^${text}[.?!]*$`, "i");
const port = (text: string | undefined): number => Number.parseInt(text ?? "0", 10);

/** Phrases for the Linux computer. */
export const computerPhrases: Phrase[] = [
  {
    name: "Run a command",
    long: true,
    does: "runs it by bash in a Linux computer of yours (`computer_bash`), or in a simulated shell that says so; a fenced code block of bash or Python too",
    examples: ["run `echo hi > a; cat a`", "run `python3 -c 'print(6*7)'` on lab", "run `sleep 60` in the background"],
    patterns: [
      /^(?:run|bash|shell|sh|exec|execute)\s+(?:the\s+command\s+)?(`+)(?<command>[\s\S]+?)\1(?<background>\s+in\s+the\s+background)?(?:\s+(?:on|in)\s+(?:the\s+)?(?:computer\s+)?(?<box>[a-z][a-z0-9]{0,19}))?[.?!]*$/i,
      /^(?:bash|shell|sh)\s*:\s*(?<command>[\s\S]+)$/i,
      /```(?:bash|sh|shell)[^\S\n]*\n(?<command>[\s\S]+?)```/,
      /```(?:python|py|python3)[^\S\n]*\n(?<python>[\s\S]+?)```/,
    ],
    plan: ({ command = "", python, background, box }) =>
      python === undefined
        ? computer.runCommand({ command: command.trim(), box, background: background !== undefined })
        : computer.runCommand({ command: "python3 -", stdin: python, box }),
  },
  {
    name: "Plot",
    does: "draws a function of x by Python in the computer and posts the picture",
    examples: ["plot sin(x)", "plot x^2 by Python, slowly"],
    patterns: [
      pattern(
        String.raw`(?:plot|draw\s+the\s+graph\s+of)\s+(?:y\s*=\s*)?(?<what>[^\x60]+?)(?:\s+(?:by|in|with|using)\s+python)?(?<slowly>,?\s+slowly)?`,
      ),
    ],
    plan: ({ what = "", box, slowly }) => computer.plot(what.trim(), box, slowly !== undefined),
  },
  {
    name: "Serve a folder",
    does: "starts a web server in the computer and asks to open its port",
    examples: ["serve /workspace on port 8080", "expose port 8080"],
    patterns: [
      pattern(String.raw`serve\s+(?<folder>\/[\w.\/-]*)\s+(?:on|at)\s+port\s+(?<port>\d{4,5})${on}`),
      pattern(String.raw`(?:expose|open)\s+(?:the\s+)?port\s+(?<port>\d{4,5})${on}`),
    ],
    plan: ({ folder, port: asked, box }) =>
      folder === undefined ? computer.expose(port(asked), box) : computer.serve(folder, port(asked), box),
  },
  {
    name: "Close a port",
    does: "takes a link to the computer back",
    examples: ["close port 8080"],
    patterns: [pattern(String.raw`close\s+(?:the\s+)?port\s+(?<port>\d{4,5})${on}`)],
    plan: ({ port: asked, box }) => computer.closePort(port(asked), box),
  },
  {
    name: "Processes",
    does: "lists what runs in the background, shows what it wrote, or ends it",
    examples: ["list processes", "logs of p-3f9a1c", "kill p-3f9a1c"],
    patterns: [
      pattern(String.raw`(?:list|show)\s+(?:the\s+|my\s+)?(?:background\s+)?processes${on}`),
      pattern(String.raw`(?:show\s+(?:me\s+)?)?(?:the\s+)?logs\s+of\s+\x60?(?<logs>p-[0-9a-f]{6})\x60?${on}`),
      pattern(String.raw`(?:kill|end)\s+\x60?(?<kill>p-[0-9a-f]{6})\x60?${on}`),
    ],
    plan: ({ logs, kill, box }) =>
      logs ? computer.processes("logs", logs, box) : computer.processes(kill ? "kill" : "list", kill, box),
  },
  {
    name: "List computers",
    does: "says what kind of computer there is, why, and which are yours",
    examples: ["list my computers"],
    patterns: [/^(?:list|show|which|what)\b.*\bcomputers?\b/i],
    plan: () => computer.listComputers(),
  },
  {
    name: "Snapshot",
    does: "saves what is in the computer",
    examples: ["snapshot the computer as before the upgrade"],
    patterns: [
      pattern(
        String.raw`(?:take\s+a\s+)?snapshot\s+(?:of\s+)?(?:the\s+)?computer(?:\s+(?!as\b)(?<box>[a-z][a-z0-9]{0,19}))?\s+as\s+(?<label>.{1,80}?)`,
      ),
    ],
    plan: ({ label = "", box }) => computer.snapshot(label, box),
  },
  {
    name: "Restore",
    does: "asks to bring the computer back to a snapshot",
    examples: ["restore snapshot 00000000-0000-4000-8000-000000000000"],
    patterns: [pattern(String.raw`restore\s+(?:the\s+)?snapshot\s+\x60?(?<id>[0-9a-f-]{36})\x60?${on}`)],
    plan: ({ id = "", box }) => computer.restore(id, box),
  },
  {
    name: "Destroy a computer",
    does: "asks to end the computer and delete its disk",
    examples: ["destroy the computer", "destroy the computer lab"],
    patterns: [pattern(String.raw`destroy\s+(?:the\s+|my\s+)?computer(?:\s+(?<box>[a-z][a-z0-9]{0,19}))?`)],
    plan: ({ box }) => computer.destroy(box),
  },
];
