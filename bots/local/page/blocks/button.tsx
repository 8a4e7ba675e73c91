import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Question } from "../parts/confirm.tsx";
import { useDeck } from "../parts/deck.ts";
import { Icon } from "../parts/icons.tsx";
import { safeUrl } from "../text/links.ts";
import { record, str, textOf, type Json } from "../text/json.ts";
import { usePlace, useKey, type Use } from "./press.ts";

interface Props {
  element: Json;
  blockId: string;
}

/** Slack's confirm object as a question; null when the element has none. */
function questionOf(element: Json): Question | null {
  if (element["confirm"] === undefined) return null;
  const confirm = record(element["confirm"]);
  return {
    title: textOf(confirm, "title") || "Are you sure?",
    text: textOf(confirm, "text"),
    yes: textOf(confirm, "confirm") || "Yes",
    no: textOf(confirm, "deny") || "Cancel",
    danger: str(confirm, "style") === "danger" || str(element, "style") === "danger",
  };
}

/** Gives a function that asks the element's question first, where it has one. */
export function useUse(element: Json): (use: Use) => void {
  const { confirm } = useDeck();
  const place = usePlace();
  return (use) => {
    const question = questionOf(element);
    if (question === null) place.use(use);
    else void confirm(question).then((yes) => (yes ? place.use(use) : undefined));
  };
}

export function Button({ element, blockId }: Props) {
  const { pending } = usePlace();
  const use = useUse(element);
  const actionId = str(element, "action_id");
  const style = str(element, "style");
  const waiting = pending === useKey({ blockId, actionId });
  const url = safeUrl(str(element, "url"));
  const value = str(element, "value");
  return (
    <button
      type="button"
      class={`button ${style} ${waiting ? "waiting" : ""}`}
      data-testid={`action-${actionId}`}
      aria-label={str(element, "accessibility_label") || undefined}
      aria-busy={waiting}
      disabled={pending !== null}
      onClick={() => {
        if (url !== null) window.open(url, "_blank", "noopener,noreferrer");
        use({ blockId, actionId, ...(value === "" ? {} : { value }) });
      }}
    >
      {waiting && <span class="spinner" />}
      <span>{textOf(element, "text") || "Button"}</span>
      {url !== null && <Icon name="link" size={14} />}
    </button>
  );
}

const icons = { trash: "trash", copy: "copy", edit: "edit" } as const;

export function IconButton({ element, blockId }: Props) {
  const { pending } = usePlace();
  const use = useUse(element);
  const actionId = str(element, "action_id");
  const name = str(element, "icon");
  const value = str(element, "value");
  return (
    <Small
      label={str(element, "accessibility_label") || textOf(element, "text")}
      testId={`action-${actionId}`}
      off={pending !== null}
      onPress={() => use({ blockId, actionId, ...(value === "" ? {} : { value }) })}
    >
      <Icon name={icons[name as keyof typeof icons] ?? "more"} size={16} />
    </Small>
  );
}

/** Thumbs up and down under an answer; what was said stays lit, and can be changed. */
export function Feedback({ element, blockId }: Props) {
  const { pending, failed } = usePlace();
  const [said, setSaid] = useState<string | null>(null);
  const use = useUse(element);
  const actionId = str(element, "action_id");
  return (
    <span class="feedback">
      {(["positive_button", "negative_button"] as const).map((key) => {
        const button = record(element[key]);
        const good = key === "positive_button";
        return (
          <Small
            key={key}
            label={str(button, "accessibility_label") || textOf(button, "text")}
            testId={`action-${actionId}-${good ? "positive" : "negative"}`}
            off={pending !== null}
            pressed={said === key && failed?.blockId !== blockId}
            onPress={() => {
              setSaid(key);
              use({ blockId, actionId, value: str(button, "value") });
            }}
          >
            <Icon name={good ? "thumbUp" : "thumbDown"} size={16} />
          </Small>
        );
      })}
    </span>
  );
}

interface SmallProps {
  label: string;
  testId: string;
  off: boolean;
  /** For a button that stays in. */
  pressed?: boolean;
  onPress: () => void;
  children: ComponentChildren;
}

const Small = ({ label, testId, off, pressed, onPress, children }: SmallProps) => (
  <button
    type="button"
    class="icon-button"
    aria-label={label}
    aria-pressed={pressed}
    title={label}
    data-testid={testId}
    disabled={off}
    onClick={onPress}
  >
    {children}
  </button>
);
