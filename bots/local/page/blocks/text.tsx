import { Rich } from "../parts/rich.tsx";
import { record, str } from "../text/json.ts";
import { parseMrkdwn } from "../text/mrkdwn.ts";
import { lines } from "../text/rich.ts";

/** A text object: mrkdwn with its marks, plain_text as it is. */
export function Text({ text }: { text: unknown }) {
  const data = record(text);
  const value = typeof text === "string" ? text : str(data, "text");
  if (value === "") return null;
  if (str(data, "type") !== "mrkdwn") return <Rich flow={[{ t: "paragraph", children: lines(value) }]} />;
  return <Rich flow={parseMrkdwn(value)} />;
}
