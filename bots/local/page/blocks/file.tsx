import { FileTile } from "../parts/files.tsx";
import { Icon } from "../parts/icons.tsx";
import { number, record, str, type Json } from "../text/json.ts";

/** Slack's file block names a remote file; with the file's own record in it, the file can be opened. */
export function FileBlock({ block }: { block: Json }) {
  const file = record(block["file"]);
  const name = str(file, "name") || str(file, "title");
  const url = str(file, "url") || str(file, "url_private");
  if (name !== "" && url !== "") {
    const size = number(file, "size") ?? 0;
    return <FileTile file={{ id: str(file, "id"), name, mimetype: str(file, "mimetype"), size, url }} />;
  }
  return (
    <span class="image-alt">
      <Icon name="file" size={16} /> {name || str(block, "external_id") || "File"}
    </span>
  );
}
