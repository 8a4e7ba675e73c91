import { useId, useState } from "preact/hooks";
import { list, record, str, textOf, type Json } from "../text/json.ts";
import { useUse } from "./button.tsx";
import { usePlace } from "./press.ts";

export interface Option {
  label: string;
  value: string;
  hint: string;
  /** The option as the bot sent it, to be sent back. */
  raw: unknown;
}

interface Props {
  element: Json;
  blockId: string;
  options: readonly Option[];
  /** What the block calls it. */
  label?: string;
}

const valuesOf = (options: readonly unknown[]): string[] => options.map((o) => str(record(o), "value"));

/** Checkboxes and radio buttons: each change is told, as Slack does. */
export function Choice({ element, blockId, options, kind, label }: Props & { kind: "checkbox" | "radio" }) {
  const actionId = str(element, "action_id");
  const name = useId();
  const place = usePlace();
  const use = useUse(element);
  const initial = kind === "radio" ? [element["initial_option"]] : list(element, "initial_options");
  const [chosen, setChosen] = useState<readonly string[]>(() => valuesOf(initial).filter((v) => v !== ""));
  const change = (value: string, on: boolean) => {
    const next = kind === "radio" ? [value] : on ? [...chosen, value] : chosen.filter((v) => v !== value);
    setChosen(next);
    const raw = options.filter((o) => next.includes(o.value)).map((o) => o.raw);
    const said = kind === "radio" ? { option: raw[0] } : { options: raw };
    place.keep(
      blockId,
      actionId,
      kind === "radio"
        ? { type: "radio_buttons", selected_option: raw[0] }
        : { type: "checkboxes", selected_options: raw },
    );
    use({ blockId, actionId, ...said });
  };
  return (
    <fieldset
      class="choices"
      aria-label={label || undefined}
      data-testid={`action-${actionId}`}
      disabled={place.pending !== null}
    >
      {options.map((option) => (
        <label key={option.value} class="choice">
          <input
            type={kind}
            name={name}
            value={option.value}
            checked={chosen.includes(option.value)}
            onChange={(event) => change(option.value, event.currentTarget.checked)}
          />
          <span>
            {option.label}
            {option.hint !== "" && <small>{option.hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const singleKeys = ["initial_option", "initial_user", "initial_conversation", "initial_channel"];

/** What a menu begins with: options, or the ids of people and channels. */
function begun(element: Json): string[] {
  const all = singleKeys.flatMap((key) => [element[key], ...list(element, `${key}s`)]);
  return all.map((one) => (typeof one === "string" ? one : str(record(one), "value"))).filter((v) => v !== "");
}

/** A menu to choose from. The browser's own, so that keys and screen readers work as people know them. */
export function Select({ element, blockId, options, multiple, label }: Props & { multiple: boolean }) {
  const actionId = str(element, "action_id");
  const place = usePlace();
  const use = useUse(element);
  const [chosen, setChosen] = useState<readonly string[]>(() => begun(element));
  const placeholder = textOf(element, "placeholder") || "Choose…";
  const pick = (values: string[]) => {
    setChosen(values);
    const raw = options.filter((o) => values.includes(o.value)).map((o) => o.raw);
    const type = str(element, "type");
    place.keep(
      blockId,
      actionId,
      multiple ? { type, selected_options: raw } : { type, selected_option: raw[0] ?? null },
    );
    if (multiple) use({ blockId, actionId, options: raw });
    // A person or a channel is told by its id.
    else if (typeof raw[0] === "string") use({ blockId, actionId, value: raw[0] });
    else if (raw[0] !== undefined) use({ blockId, actionId, option: raw[0] });
  };
  return (
    <select
      class="select"
      multiple={multiple}
      aria-label={label || placeholder}
      data-testid={`action-${actionId}`}
      disabled={place.pending !== null}
      onChange={(event) => pick([...event.currentTarget.selectedOptions].map((o) => o.value).filter((v) => v !== ""))}
    >
      {!multiple && (
        <option value="" selected={chosen.length === 0}>
          {placeholder}
        </option>
      )}
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={chosen.includes(option.value)}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
