import { Menu } from "../parts/menu.tsx";
import { list, record, str, textOf, type Json } from "../text/json.ts";
import { safeUrl } from "../text/links.ts";
import { useUse } from "./button.tsx";

export function Overflow({ element, blockId }: { element: Json; blockId: string }) {
  const use = useUse(element);
  const actionId = str(element, "action_id");
  return (
    <Menu
      label="More"
      icon="more"
      testId={`action-${actionId}`}
      items={list(element, "options").map((option) => ({
        label: textOf(record(option), "text"),
        onPick: () => {
          const url = safeUrl(str(record(option), "url"));
          if (url !== null) window.open(url, "_blank", "noopener,noreferrer");
          use({ blockId, actionId, option });
        },
      }))}
    />
  );
}
