import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { hidesHost } from "../text/links.ts";
import { permalinkHash } from "../text/permalink.ts";
import { type Flow, type Inline, plain } from "../text/rich.ts";
import { signs, splitSigns } from "../text/signs.ts";
import { dateToken, fullTime } from "../state/time.ts";
import { personOf, shownName, useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

/** Draws a tree of marked text. `caret` puts the streaming caret behind the last word. */
export function Rich({ flow, caret = false }: { flow: readonly Flow[]; caret?: boolean }) {
  return (
    <div class={caret ? "rich streaming" : "rich"}>
      {flow.map((node, i) => (
        <FlowNode key={i} node={node} />
      ))}
      {caret && flow.length === 0 && <p />}
    </div>
  );
}

function FlowNode({ node }: { node: Flow }) {
  switch (node.t) {
    case "paragraph":
      return (
        <p>
          <Inlines nodes={node.children} />
        </p>
      );
    case "heading": {
      // A message stands under the page's own headings, so its first level is the third.
      const Tag = `h${Math.min(6, node.level + 2)}` as "h3" | "h4" | "h5" | "h6";
      return (
        <Tag class={`h-${node.level}`}>
          <Inlines nodes={node.children} />
        </Tag>
      );
    }
    case "pre":
      return <Code text={node.text} language={node.language} />;
    case "quote":
      return (
        <blockquote>
          {node.children.map((child, i) => (
            <FlowNode key={i} node={child} />
          ))}
        </blockquote>
      );
    case "list": {
      const items = node.items.map((item, i) => (
        <li key={i}>
          {item.map((child, j) => (
            <FlowNode key={j} node={child} />
          ))}
        </li>
      ));
      const depth = `indent-${node.indent}`;
      return node.ordered ? (
        <ol class={depth} start={node.start}>
          {items}
        </ol>
      ) : (
        <ul class={depth}>{items}</ul>
      );
    }
    case "table":
      return <Table node={node} />;
    case "rule":
      return <hr />;
  }
}

function Table({ node }: { node: Extract<Flow, { t: "table" }> }) {
  const at = (i: number) => `align-${node.align[i] ?? "left"}`;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        {node.head.length > 0 && (
          <thead>
            <tr>
              {node.head.map((cell, i) => (
                <th key={i} scope="col" class={at(i)}>
                  <Inlines nodes={cell} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {node.rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} class={at(i)}>
                  <Inlines nodes={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Code({ text, language = "" }: { text: string; language?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      },
      () => setCopied(false),
    );
  };
  return (
    <div class="code">
      {language !== "" && <span class="code-language">{language}</span>}
      <button type="button" class="icon-button code-copy" aria-label={copied ? "Copied" : "Copy code"} onClick={copy}>
        <Icon name={copied ? "check" : "copy"} size={16} />
      </button>
      <pre tabIndex={0}>
        <code>{language === "diff" ? <Diff text={text} /> : text}</code>
      </pre>
    </div>
  );
}

/** Lines that come and go; the heads of files are neither. */
const mark = (line: string): string | undefined => {
  if (/^(?:\+\+\+ ["b/]|--- ["a/]|diff --git |index [0-9a-f]|@@ |(?:new|deleted) file mode )/.test(line))
    return "diff-head";
  return line.startsWith("+") ? "diff-more" : line.startsWith("-") ? "diff-less" : undefined;
};

function Diff({ text }: { text: string }) {
  return (
    <>
      {text.split("\n").map((line, at) => (
        <span key={at} class={mark(line)}>
          {at === 0 ? line : `\n${line}`}
        </span>
      ))}
    </>
  );
}

export function Inlines({ nodes }: { nodes: readonly Inline[] }) {
  return (
    <>
      {nodes.map((node, i) => (
        <InlineNode key={i} node={node} />
      ))}
    </>
  );
}

function InlineNode({ node }: { node: Inline }): ComponentChildren {
  switch (node.t) {
    case "text":
      return <Words text={node.text} />;
    case "bold":
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Inlines nodes={node.children} />
        </s>
      );
    case "code":
      return <code>{node.text}</code>;
    case "link":
      return (
        <Link url={node.url}>
          <Inlines nodes={node.children} />
          {hidesHost(plain(node.children), node.url) && <span class="link-host"> ({new URL(node.url).host})</span>}
        </Link>
      );
    case "user":
      return <UserMention id={node.id} />;
    case "channel":
      return <ChannelMention id={node.id} label={node.label} />;
    case "broadcast":
      return <span class="mention loud">@{node.range}</span>;
    case "emoji":
      return (
        <span class="emoji" role="img" aria-label={node.name.replaceAll("_", " ")} title={`:${node.name}:`}>
          {node.char}
        </span>
      );
    case "date": {
      const shown = dateToken(node.seconds, node.format, Date.now());
      const time = (
        <time dateTime={new Date(node.seconds * 1000).toISOString()} title={fullTime(node.seconds * 1000)}>
          {shown}
        </time>
      );
      return node.url === null ? time : <Link url={node.url}>{time}</Link>;
    }
    case "break":
      return <br />;
  }
}

function Words({ text }: { text: string }) {
  return (
    <>
      {splitSigns(text).map((part, i) => {
        if ("text" in part) return part.text;
        const { icon, tone, words } = signs[part.sign];
        return (
          <span class={`sign ${tone}`} role="img" aria-label={words} title={words} key={i}>
            <Icon name={icon} size={14} />
          </span>
        );
      })}
    </>
  );
}

export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  const here = URL.canParse(url) && new URL(url).origin === location.origin ? permalinkHash(new URL(url)) : null;
  if (here !== null) return <a href={here}>{children}</a>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" title={url}>
      {children}
    </a>
  );
}

function UserMention({ id }: { id: string }) {
  const { state, model } = useDeck();
  return <span class={id === model.me ? "mention me" : "mention"}>@{shownName(personOf(state, id))}</span>;
}

function ChannelMention({ id, label }: { id: string; label: string }) {
  const { state } = useDeck();
  const channel = state.channels.find((c) => c.id === id);
  const name = channel?.name ?? (label === "" ? id : label);
  return channel === undefined ? (
    <span class="mention">#{name}</span>
  ) : (
    <a class="mention" href={`#/${id}`}>
      #{name}
    </a>
  );
}
