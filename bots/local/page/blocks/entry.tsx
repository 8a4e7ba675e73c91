import type { InputHTMLAttributes } from "preact";
import { useState } from "preact/hooks";
import { flag, list, number, record, str, textOf, type Json } from "../text/json.ts";
import { besideField, usePlace } from "./press.ts";

const kinds: Record<string, "email" | "url" | "number" | "date" | "time" | "datetime-local"> = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

interface Props {
  element: Json;
  blockId: string;
  label?: string;
  /** A hint stands under it. */
  hinted?: boolean;
  required?: boolean;
}

/** A field to write in. What stands in it goes with the next press of the message; Enter tells it at once where the block asks so. */
export function Entry({ element, blockId, label = "", hinted = false, required = false }: Props) {
  const place = usePlace();
  const wrong = place.errors?.[blockId] !== undefined;
  const beside = besideField(blockId);
  const described = [...(hinted ? [beside.hint] : []), ...(wrong ? [beside.error] : [])].join(" ");
  const type = str(element, "type");
  const actionId = str(element, "action_id");
  const initial = str(element, "initial_value") || str(element, "initial_date") || str(element, "initial_time");
  const [value, setValue] = useState(initial);
  const on = list(record(element["dispatch_action_config"]), "trigger_actions_on");
  const tellsOnEnter = flag(element, "dispatch_action") || on.includes("on_enter_pressed");
  const picker = type.endsWith("picker");

  const change = (next: string) => {
    setValue(next);
    place.keep(blockId, actionId, { type, value: next });
    if ((picker && next !== "") || on.includes("on_character_entered")) place.use({ blockId, actionId, value: next });
  };
  const shared = {
    class: "field",
    value,
    placeholder: textOf(element, "placeholder"),
    "aria-label": label || textOf(element, "placeholder") || "Text",
    "aria-describedby": described === "" ? undefined : described,
    "aria-invalid": wrong ? true : undefined,
    "aria-required": required ? true : undefined,
    "data-testid": `action-${actionId}`,
    maxLength: number(element, "max_length") ?? 3000,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !tellsOnEnter) return;
      event.preventDefault();
      place.use({ blockId, actionId, value });
    },
  };
  if (flag(element, "multiline") || type === "rich_text_input") {
    return <textarea {...shared} rows={3} onInput={(event) => change(event.currentTarget.value)} />;
  }
  // The types allow each kind of input only by itself, not one that is known at run time.
  const kind = { type: kinds[type] ?? "text" } as InputHTMLAttributes;
  return <input {...shared} {...kind} onInput={(event) => change(event.currentTarget.value)} />;
}
