import { inert } from "./inert.ts";
import { escapeText, oneLine } from "./mrkdwn.ts";
import { size } from "./render.ts";
import { close } from "./slots.ts";
import type { Place } from "./slots.ts";
import type { FileEntry, SlackView } from "./view.ts";

/* Files that go into the thread, as entries of the view. As in `layout.ts`, the view that is handed in is changed. */

type NewFile = Pick<FileEntry, "name" | "alt" | "comment" | "content" | "spare"> & { id: string; part?: string };

/** A file after all that was said so far; it is a message of its own. The same id again changes nothing. */
export function putFile(view: SlackView, place: Place, file: NewFile): void {
  const { part = null, ...rest } = file;
  if (view.entries.some((entry) => entry.id === file.id)) return;
  const last = view.entries.at(-1);
  if (last?.kind === "slot" && !last.closing) close(last, "elsewhere");
  view.entries.push({
    kind: "file",
    ts: null,
    intentAt: null,
    lookup: "no",
    turn: place.turn,
    part,
    done: part === null,
    fileId: null,
    tries: 0,
    closed: false,
    ...rest,
    name: oneLine(rest.name, 200) || "file",
  });
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const inCode = (text: string): string => `\`${text.replaceAll("`", "'")}\``;

/** A file of the person's own, by its path. */
export function storedFile(
  place: Place,
  file: {
    id: string;
    path: string;
    name?: string;
    alt?: string;
    comment?: string;
    sizeBytes?: number;
    sha256?: string;
    part?: string;
  },
): NewFile {
  const name = file.name ?? nameOf(file.path);
  const shown = inert(oneLine(name, 200), { final: true });
  const about = file.sizeBytes === undefined ? "" : ` (${size(file.sizeBytes)})`;
  const alt = oneLine(file.alt ?? "", 1000);
  const shows = alt === "" ? "" : `, ${inert(alt, { final: true })},`;
  const said = file.comment === undefined || file.comment === "" ? "" : `\n\n${inert(file.comment, { final: true })}`;
  return {
    id: file.id,
    name,
    alt: alt || name,
    comment: escapeText(file.comment ?? "").toWellFormed(),
    content: {
      from: "files",
      path: file.path,
      principal: place.principal ?? "",
      ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    },
    spare: `📎 **${shown}**${about}${shows} could not be put into the chat; it is saved as ${inCode(file.path)}.${said}`,
    ...(file.part === undefined ? {} : { part: file.part }),
  };
}
