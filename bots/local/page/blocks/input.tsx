import { flag, record, str, textOf, type Json } from "../text/json.ts";
import { Element } from "./element.tsx";
import { Entry } from "./entry.tsx";
import { besideField, PlaceProvider, usePlace } from "./press.ts";

const entries = new Set(["plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input"]);

export function InputBlock({ block }: { block: Json }) {
  const label = textOf(block, "label");
  const hint = textOf(block, "hint");
  const element = { ...record(block["element"]), ...(flag(block, "dispatch_action") ? { dispatch_action: true } : {}) };
  const id = str(block, "block_id");
  const place = usePlace();
  // An input tells the app only when its block asks for that; what stands in it goes with the next press anyway.
  const quiet = flag(block, "dispatch_action") ? place : { ...place, use: () => {} };
  return (
    <PlaceProvider value={quiet}>
      <div class="block-input" data-wrong={place.errors?.[id] === undefined ? undefined : ""}>
        <div class="block-input-label">
          {label}
          {flag(block, "optional") && <small> (optional)</small>}
        </div>
        {entries.has(str(element, "type")) ? (
          <Entry
            element={element}
            blockId={id}
            label={label}
            hinted={hint !== ""}
            required={!flag(block, "optional")}
          />
        ) : (
          <Element element={element} blockId={id} label={label} />
        )}
        {hint !== "" && (
          <div class="block-input-hint" id={besideField(id).hint}>
            {hint}
          </div>
        )}
      </div>
    </PlaceProvider>
  );
}
