import { list, record, str, type Json } from "../text/json.ts";
import { Element } from "./element.tsx";
import { Image } from "./image.tsx";
import { Text } from "./text.tsx";

export function SectionBlock({ block }: { block: Json }) {
  const fields = list(block, "fields");
  const accessory = record(block["accessory"]);
  return (
    <div class="block-section">
      <div class="block-section-text">
        <Text text={block["text"]} />
        {fields.length > 0 && (
          <div class="block-fields">
            {fields.map((field, i) => (
              <Text key={i} text={field} />
            ))}
          </div>
        )}
      </div>
      {str(accessory, "type") !== "" && (
        <div class="block-accessory">
          <Element element={accessory} blockId={str(block, "block_id")} />
        </div>
      )}
    </div>
  );
}

export function ContextBlock({ block }: { block: Json }) {
  return (
    <div class="block-context">
      {list(block, "elements").map((element, i) => {
        const data = record(element);
        return str(data, "type") === "image" ? (
          <Image key={i} image={data} size="tiny" />
        ) : (
          <Text key={i} text={data} />
        );
      })}
    </div>
  );
}
