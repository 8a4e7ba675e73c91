import { Rich } from "../parts/rich.tsx";
import { list, number, record, str, type Json } from "../text/json.ts";
import { parseRichText } from "../text/rich-text.ts";

/** Slack's table: the first row is its head. */
export function TableBlock({ block }: { block: Json }) {
  const rows = list(block, "rows").filter((row): row is unknown[] => Array.isArray(row));
  const settings = list(block, "column_settings").map(record);
  const column = (i: number, cell: unknown) => {
    const set = settings[i] ?? {};
    const align = str(set, "align") || (str(record(cell), "type") === "raw_number" ? "right" : "left");
    return `align-${align}${set["is_wrapped"] === true ? " wrapped" : ""}`;
  };
  const [head, ...body] = rows;
  if (head === undefined) return null;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell, i) => (
              <th key={i} scope="col" class={column(i, cell)}>
                <Cell cell={record(cell)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} class={column(i, cell)}>
                  <Cell cell={record(cell)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell }: { cell: Json }) {
  if (str(cell, "type") === "rich_text") return <Rich flow={parseRichText(cell)} />;
  return <>{str(cell, "text") || String(number(cell, "value") ?? "")}</>;
}
