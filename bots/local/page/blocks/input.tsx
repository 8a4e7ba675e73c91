import { flag, record, str, textOf, type Json } from "../text/json.ts";
import { Element } from "./element.tsx";
import { Entry } from "./entry.tsx";

const entries = new Set(["plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input"]);

export function InputBlock({ block }: { block: Json }) {
  const label = textOf(block, "label");
  const hint = textOf(block, "hint");
  const element = { ...record(block["element"]), ...(flag(block, "dispatch_action") ? { dispatch_action: true } : {}) };
  const id = str(block, "block_id");
  return (
    <div class="block-input">
      <div class="block-input-label">
        {label}
        {flag(block, "optional") && <small> (optional)</small>}
      </div>
      {entries.has(str(element, "type")) ? (
        <Entry element={element} blockId={id} label={label} />
      ) : (
        <Element element={element} blockId={id} />
      )}
      {hint !== "" && <div class="block-input-hint">{hint}</div>}
    </div>
  );
}
