import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { useDeck } from "./deck.ts";
import { fill, placeKey } from "./drafts.ts";
import { Icon } from "./icons.tsx";

interface Props {
  channel: string;
  threadTs: string | null;
  name: string;
  class: string;
  testId?: string;
  label: string;
  children: ComponentChildren;
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** A pane on which files can be dropped: they go into its composer, to be sent with a word. */
export function DropPane({ channel, threadTs, name, class: className, testId, label, children }: Props) {
  const { model } = useDeck();
  const [over, setOver] = useState(false);
  // Entering a child is a leave of its parent: the depth tells when the pane itself is left.
  const depth = useRef(0);
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <section
      class={className}
      data-testid={testId}
      aria-label={label}
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragLeave={() => {
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDragOver={(event) => {
        if (hasFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        leave();
        fill(placeKey(model.me, channel, threadTs), { files: [...(event.dataTransfer?.files ?? [])] });
      }}
    >
      {children}
      {over && (
        <div class="drop-veil" aria-hidden="true">
          <div>
            <Icon name="attach" size={28} />
            Drop to add to {name}
          </div>
        </div>
      )}
    </section>
  );
}
