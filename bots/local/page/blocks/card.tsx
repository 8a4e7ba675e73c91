import { list, record, str, textOf, type Json } from "../text/json.ts";
import { Element } from "./element.tsx";
import { Image } from "./image.tsx";
import { Text } from "./text.tsx";

export function Card({ block }: { block: Json }) {
  const hero = record(block["hero_image"]);
  const icon = record(block["icon"]);
  const actions = list(block, "actions");
  return (
    <div class="block-card">
      {str(hero, "type") !== "" && <Image image={hero} size="large" />}
      <div class="block-card-head">
        {str(icon, "type") !== "" && <Image image={icon} size="small" />}
        <div>
          {textOf(block, "title") !== "" && (
            <div class="block-card-title">
              <Text text={block["title"]} />
            </div>
          )}
          <div class="block-card-subtitle">
            <Text text={block["subtitle"]} />
          </div>
        </div>
      </div>
      <Text text={block["body"]} />
      {actions.length > 0 && (
        <div class="block-actions">
          {actions.map((action, i) => (
            <Element key={i} element={record(action)} blockId={str(block, "block_id")} />
          ))}
        </div>
      )}
    </div>
  );
}
