import { Component, type ComponentChildren } from "preact";
import { Rich } from "../parts/rich.tsx";
import { list, record, str, textOf, type Json } from "../text/json.ts";
import { parseMarkdown } from "../text/markdown.ts";
import { parseRichText } from "../text/rich-text.ts";
import { Card } from "./card.tsx";
import { Element } from "./element.tsx";
import { FileBlock } from "./file.tsx";
import { ImageBlock } from "./image.tsx";
import { InputBlock } from "./input.tsx";
import { besideField, usePlace } from "./press.ts";
import { ContextBlock, SectionBlock } from "./section.tsx";
import { TableBlock } from "./table.tsx";
import { PlanBlock, TaskBlock } from "./task.tsx";
import { Text } from "./text.tsx";

/** One block, with the refusal of its last press under it. A block that cannot be drawn is named, and nothing else breaks. */
export function Block({ block }: { block: Json }) {
  const { failed, errors } = usePlace();
  const wrong = errors?.[str(block, "block_id")];
  return (
    <Guard block={block}>
      {draw(block)}
      {failed !== null && failed.blockId === str(block, "block_id") && (
        <p class="inline-error" role="alert">
          {failed.reason}
        </p>
      )}
      {wrong !== undefined && (
        <p id={besideField(str(block, "block_id")).error} class="inline-error" role="alert" data-testid="field-error">
          {wrong}
        </p>
      )}
    </Guard>
  );
}

function draw(block: Json): ComponentChildren {
  const id = str(block, "block_id");
  switch (str(block, "type")) {
    case "section":
      return <SectionBlock block={block} />;
    case "header":
      return <h3 class="block-header">{textOf(block, "text")}</h3>;
    case "divider":
      return <hr class="block-divider" />;
    case "context":
      return <ContextBlock block={block} />;
    case "actions":
    case "context_actions":
      return (
        <div class={str(block, "type") === "actions" ? "block-actions" : "block-actions quiet"}>
          {list(block, "elements").map((element, i) => (
            <Element key={i} element={record(element)} blockId={id} />
          ))}
        </div>
      );
    case "markdown":
      return <Rich flow={parseMarkdown(str(block, "text"))} />;
    case "rich_text":
      return <Rich flow={parseRichText(block)} />;
    case "image":
      return <ImageBlock block={block} />;
    case "table":
    case "data_table":
      return <TableBlock block={block} />;
    case "input":
      return <InputBlock block={block} />;
    case "file":
      return <FileBlock block={block} />;
    case "task_card":
      return <TaskBlock block={block} />;
    case "plan":
      return <PlanBlock block={block} />;
    case "alert":
      return (
        <div class={`block-alert ${str(block, "level")}`} role="note">
          <Text text={block["text"]} />
        </div>
      );
    case "card":
      return <Card block={block} />;
    case "container":
    case "carousel":
      return <Container block={block} />;
    default:
      return <UnknownBlock block={block} />;
  }
}

function UnknownBlock({ block }: { block: Json }) {
  return (
    <details class="block-unknown">
      <summary>This page cannot show a block of type “{str(block, "type") || "none"}”.</summary>
      <pre tabIndex={0}>{JSON.stringify(block, null, 2)}</pre>
    </details>
  );
}

/** Keeps a fault inside one block. */
class Guard extends Component<{ block: Json; children: ComponentChildren }, { broken: boolean }> {
  static override getDerivedStateFromError() {
    return { broken: true };
  }
  override state = { broken: false };
  override render() {
    return this.state.broken ? <UnknownBlock block={this.props.block} /> : this.props.children;
  }
}

/** Blocks inside a block. */
function Container({ block }: { block: Json }) {
  const inner = [...list(block, "elements"), ...list(block, "blocks"), ...list(block, "child_blocks")];
  const title = textOf(block, "title");
  return (
    <div class={str(block, "type") === "carousel" ? "block-carousel" : "block-container"}>
      {title !== "" && <div class="block-card-title">{title}</div>}
      {inner.map((child, i) => (
        <Block key={i} block={record(child)} />
      ))}
    </div>
  );
}
