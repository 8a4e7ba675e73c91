import { Blocks } from "../blocks/blocks.tsx";
import { Task } from "../blocks/task.tsx";
import type { PageMessage, PageSegment } from "../../workspace/page-api.ts";
import { parseMarkdown } from "../text/markdown.ts";
import { useMemo } from "preact/hooks";
import { Rich } from "./rich.tsx";

/** Neighbouring task segments make one list. */
type Piece =
  | { kind: "tasks"; tasks: Extract<PageSegment, { kind: "task" }>[] }
  | Exclude<PageSegment, { kind: "task" }>;

function pieces(segments: readonly PageSegment[]): Piece[] {
  const out: Piece[] = [];
  for (const segment of segments) {
    const last = out.at(-1);
    if (segment.kind !== "task") out.push(segment);
    else if (last?.kind === "tasks") last.tasks.push(segment);
    else out.push({ kind: "tasks", tasks: [segment] });
  }
  return out;
}

/** A streamed message: words, steps and blocks in the order in which they came. */
export function Segments({ message }: { message: PageMessage }) {
  const all = pieces(message.segments);
  return (
    <div class="segments">
      {all.map((piece, i) => {
        switch (piece.kind) {
          case "markdown":
            return <Words key={i} text={piece.text} caret={message.streaming && i === all.length - 1} />;
          case "tasks":
            return (
              <div class="tasks" key={i}>
                {piece.tasks.map(({ task }) => (
                  <Task key={task.id} task={task} />
                ))}
              </div>
            );
          case "plan":
            return (
              <div class="plan-title" key={i}>
                {piece.title}
                <PlanCount segments={message.segments} />
              </div>
            );
          case "blocks":
            return <Blocks key={i} blocks={piece.blocks} channel={message.channel} ts={message.ts} />;
        }
      })}
      {message.streaming && all.at(-1)?.kind !== "markdown" && <Rich flow={[]} caret />}
    </div>
  );
}

function PlanCount({ segments }: { segments: readonly PageSegment[] }) {
  const tasks = segments.filter((s) => s.kind === "task");
  const done = tasks.filter((s) => s.task.status === "complete").length;
  return tasks.length === 0 ? null : (
    <span class="plan-count">
      {done} of {tasks.length}
    </span>
  );
}

function Words({ text, caret }: { text: string; caret: boolean }) {
  const flow = useMemo(() => parseMarkdown(text), [text]);
  return <Rich flow={flow} caret={caret} />;
}
