import { useDeck, personOf, shownName } from "../parts/deck.ts";
import { Icon } from "../parts/icons.tsx";
import { flag, list, record, str, textOf, type Json } from "../text/json.ts";
import { Choice, Select, type Option } from "./choice.tsx";
import { Entry } from "./entry.tsx";
import { Button, Feedback, IconButton } from "./button.tsx";
import { Image } from "./image.tsx";
import { Overflow } from "./overflow.tsx";

/** An interactive element of a block. One of a kind not known here is named. */
export function Element({ element, blockId, label = "" }: { element: Json; blockId: string; label?: string }) {
  const props = { element, blockId, label };
  const type = str(element, "type");
  switch (type) {
    case "button":
    case "workflow_button":
      return <Button {...props} />;
    case "icon_button":
      return <IconButton {...props} />;
    case "feedback_buttons":
      return <Feedback {...props} />;
    case "overflow":
      return <Overflow {...props} />;
    case "static_select":
    case "multi_static_select":
    case "external_select":
    case "multi_external_select":
      return <Select {...props} options={optionsOf(element)} multiple={type.startsWith("multi_")} />;
    case "users_select":
    case "multi_users_select":
      return <People {...props} />;
    case "conversations_select":
    case "channels_select":
    case "multi_conversations_select":
    case "multi_channels_select":
      return <Channels {...props} />;
    case "checkboxes":
    case "radio_buttons":
      return <Choice {...props} options={optionsOf(element)} kind={type === "checkboxes" ? "checkbox" : "radio"} />;
    case "plain_text_input":
    case "rich_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <Entry {...props} />;
    case "image":
      return <Image image={element} size="small" />;
    default:
      return (
        <span class="image-alt">
          <Icon name="alert" size={16} /> Unknown element “{type}”
        </span>
      );
  }
}

const optionOf = (value: unknown): Option => {
  const data = record(value);
  return { label: textOf(data, "text"), value: str(data, "value"), hint: textOf(data, "description"), raw: value };
};

/** Options with those of option groups, in their order. */
function optionsOf(element: Json): Option[] {
  const grouped = list(element, "option_groups").flatMap((group) => list(record(group), "options"));
  return [...list(element, "options"), ...grouped].map(optionOf);
}

function People({ element, blockId, label }: { element: Json; blockId: string; label: string }) {
  const { state } = useDeck();
  const options = state.people.map((p) => ({
    label: shownName(personOf(state, p.id)),
    value: p.id,
    hint: "",
    raw: p.id,
  }));
  return <Select element={element} blockId={blockId} label={label} options={options} multiple={flagMulti(element)} />;
}

function Channels({ element, blockId, label }: { element: Json; blockId: string; label: string }) {
  const { state } = useDeck();
  const options = state.channels.map((c) => ({ label: `#${c.name}`, value: c.id, hint: "", raw: c.id }));
  return <Select element={element} blockId={blockId} label={label} options={options} multiple={flagMulti(element)} />;
}

const flagMulti = (element: Json): boolean => str(element, "type").startsWith("multi_") || flag(element, "multi");
