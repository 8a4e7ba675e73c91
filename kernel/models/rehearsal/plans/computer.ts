import { fenced, field, listField, show, textField } from "../output.ts";
import { attempt, endAt, must, type Plan } from "../plan.ts";
import { plotProgram } from "./plot.ts";

const asked = "you asked for it by name";

/** What a command gave, in words: what ran it, its output, how it ended. */
function report(output: unknown): string {
  const started = textField(output, "process");
  const by = `_${textField(output, "computer") ?? "a computer"}_`;
  if (started)
    return `${by}\n\nIt runs in the background as \`${started}\`. Say “logs of ${started}” or “kill ${started}”.`;
  const code = textField(output, "exit_code") ?? "?";
  const written = (name: string): string[] => {
    const text = textField(output, name) ?? "";
    return text === "" ? [] : [`${name}:\n\n${fenced(show(text, 3000).replace(/\n$/, ""), "text")}`];
  };
  const hit = listField(field(output, "limits")).map(String);
  return [
    by,
    ...written("stdout"),
    ...written("stderr"),
    `It ended with exit code **${code}**${hit.length > 0 ? `; ${hit.join("; ")}` : ""}.`,
  ].join("\n\n");
}

export interface Command {
  command: string;
  box: string | undefined;
  background?: boolean;
  stdin?: string;
}

const inBox = (box: string | undefined) => (box === undefined ? {} : { box: box.toLowerCase() });

export function* runCommand({ command, box, background = false, stdin }: Command): Plan {
  const input = { command, why: asked, ...inBox(box), ...(background ? { background } : {}) };
  return report(yield* must("computer_bash", stdin === undefined ? input : { ...input, stdin }));
}

const tries = 4;
const slowSeconds = 1;

/** Draws by Python where the person's files are, and puts the picture into the thread. */
export function* plot(expression: string, box: string | undefined, slowly = false): Plan {
  const path = "home/plots/plot.png";
  const drawn = yield* must("computer_bash", {
    command: "python3 -",
    stdin: plotProgram(expression, `/r2/${path}`, slowly ? slowSeconds : 0),
    why: "a plot by Python",
    ...inBox(box),
  });
  if (textField(drawn, "exit_code") !== "0") return report(drawn);
  // What is written in the computer is among the files a moment later.
  for (let n = 0; n < tries; n += 1) {
    const posted = yield* attempt("post_file", {
      path,
      comment: `A plot of \`${expression}\`, by Python.`,
      alt_text: `The graph of ${expression} for x from -10 to 10.`,
    });
    if (posted.state === "ok") return `Here is ${expression}, drawn by Python in the computer.`;
    if (posted.state !== "error" || posted.code !== "file.not_found") return endAt("post_file", posted);
    yield* must("computer_bash", { command: "sleep 1", why: "the file is on its way", ...inBox(box) });
  }
  return `The plot was drawn, but \`${path}\` has not come to your files.`;
}

/** A web server in the computer, and a link to it. */
export function* serve(folder: string, port: number, box: string | undefined): Plan {
  const command = `python3 -m http.server ${port} --bind 127.0.0.1 --directory '${folder.replaceAll("'", "")}'`;
  yield* must("computer_bash", { command, why: "a server", background: true, ...inBox(box) });
  return yield* expose(port, box);
}

export function* expose(port: number, box: string | undefined): Plan {
  const waiting = `I have asked to open port ${port}. Nobody reaches it until that is approved on the card above.`;
  const result = yield* attempt("computer_expose_port", { port, ...inBox(box) }, { waiting });
  if (result.state !== "ok") return endAt("computer_expose_port", result);
  const until = textField(result.output, "open_until")?.slice(11, 16) ?? "?";
  return `Port ${port} is open: ${textField(result.output, "url") ?? "?"}\n\nThe link works until ${until} UTC, or until you say “close port ${port}”.`;
}

export function* closePort(port: number, box: string | undefined): Plan {
  yield* must("computer_close_port", { port, ...inBox(box) });
  return `Port ${port} is closed: the link opens nothing any more.`;
}

export function* listComputers(): Plan {
  const output = yield* must("computer_list", {});
  const boxes = listField(field(output, "computers"));
  const lines = boxes.map((box) => {
    const ports = listField(field(box, "ports")).map((port) => textField(port, "port"));
    const snapshots = listField(field(box, "snapshots")).map(
      (one) => `\`${textField(one, "id")}\` (${textField(one, "label")})`,
    );
    const more = [
      ...(ports.length > 0 ? [`open ports ${ports.join(", ")}`] : []),
      ...(snapshots.length > 0 ? [`snapshots ${snapshots.join(", ")}`] : []),
    ];
    const busy = textField(box, "busy_seconds") ?? "0";
    return `- **${textField(box, "name")}**: ${textField(box, "state")}, ${busy} s used${more.map((one) => `, ${one}`).join("")}`;
  });
  const kind = `The computer here is a **${textField(output, "kind")}**: ${textField(output, "reason")}`;
  const kept = listField(field(output, "other_snapshots")).map(
    (one) =>
      `- snapshot \`${textField(one, "id")}\` (${textField(one, "label")}) of ${textField(one, "computer")}, which is gone`,
  );
  const none = lines.length === 0 ? ["You have none yet; its first command makes one."] : lines;
  return `${kind}\n\n${[...none, ...kept].join("\n")}`;
}

export function* processes(
  action: "list" | "logs" | "kill",
  process: string | undefined,
  box: string | undefined,
): Plan {
  const input = { action, ...(process === undefined ? {} : { process }), ...inBox(box) };
  const output = yield* must("computer_process", input);
  if (action === "kill") return `\`${process}\` has been ended.`;
  if (action === "logs") {
    const text = `${textField(output, "stdout") ?? ""}${textField(output, "stderr") ?? ""}`;
    return `\`${process}\` is ${textField(output, "state")} and has written:\n\n${fenced(show(text === "" ? "(nothing)" : text, 3000), "text")}`;
  }
  const all = listField(field(output, "processes"));
  if (all.length === 0) return "Nothing runs in the background.";
  return all
    .map(
      (one) =>
        `- \`${textField(one, "id")}\` ${textField(one, "state")}: \`${(textField(one, "command") ?? "").replaceAll("`", "'")}\``,
    )
    .join("\n");
}

export function* snapshot(label: string, box: string | undefined): Plan {
  const output = yield* must("computer_snapshot", { label, ...inBox(box) });
  return `Saved as \`${textField(output, "snapshot")}\`. Say “restore snapshot ${textField(output, "snapshot")}” to go back to it.`;
}

export function* restore(id: string, box: string | undefined): Plan {
  const waiting =
    "I have asked to bring the computer back to that snapshot. Nothing changes until it is approved on the card above.";
  const result = yield* attempt("computer_restore", { snapshot: id, ...inBox(box) }, { waiting });
  return result.state === "ok" ? "The computer is as it was in that snapshot." : endAt("computer_restore", result);
}

export function* destroy(box: string | undefined): Plan {
  const waiting = "I have asked to destroy the computer. It stays until that is approved on the card above.";
  const result = yield* attempt("computer_destroy", inBox(box), { waiting });
  return result.state === "ok" ? "The computer is gone." : endAt("computer_destroy", result);
}
