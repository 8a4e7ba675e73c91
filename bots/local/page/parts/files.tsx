import { useState } from "preact/hooks";
import type { PageFile } from "../../workspace/page-api.ts";
import { bytes } from "../state/time.ts";
import { ownUrl } from "../text/links.ts";
import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

/** The kind of a file in a word: its ending, else its media type's. */
export function kindOf(name: string, mimetype: string): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return (ending ?? mimetype.split("/")[1] ?? "file").toUpperCase().slice(0, 5);
}

/** A file of this workspace, opened as the person who looks. A picture shows itself. */
export function FileTile({ file }: { file: PageFile }) {
  const { model } = useDeck();
  const [broken, setBroken] = useState(false);
  const own = ownUrl(file.url, location.origin);
  const href = own === null ? null : own.includes("as=") ? own : `${own}${own.includes("?") ? "&" : "?"}as=${model.me}`;
  const picture = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.mimetype) && href !== null && !broken;
  const body = (
    <>
      <span class={`file-kind kind-${kindOf(file.name, file.mimetype).toLowerCase()}`}>
        {kindOf(file.name, file.mimetype)}
      </span>
      <span class="file-text">
        <span class="file-name">{file.name}</span>
        <span class="file-size">{bytes(file.size)}</span>
      </span>
    </>
  );
  if (href === null) return <span class="file">{body}</span>;
  return (
    <a class={picture ? "file picture" : "file"} href={href} target="_blank" rel="noopener noreferrer">
      {picture && <img src={href} alt={file.alt ?? file.name} loading="lazy" onError={() => setBroken(true)} />}
      <span class="file-row">{body}</span>
    </a>
  );
}

/** A file that is about to be sent. */
export function Chip({ file, remove }: { file: File; remove?: () => void }) {
  return (
    <li class="chip">
      <Icon name={file.type.startsWith("image/") ? "image" : "file"} size={16} />
      <span class="chip-name">{file.name}</span>
      <span class="chip-size">{bytes(file.size)}</span>
      {remove !== undefined && (
        <button type="button" class="icon-button" aria-label={`Remove ${file.name}`} onClick={remove}>
          <Icon name="close" size={14} />
        </button>
      )}
    </li>
  );
}
