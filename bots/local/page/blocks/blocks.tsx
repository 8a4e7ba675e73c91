import { useRef, useState } from "preact/hooks";
import { useDeck } from "../parts/deck.ts";
import type { Press } from "../state/api.ts";
import { reasonOf } from "../state/session.ts";
import { record, str } from "../text/json.ts";
import { Block } from "./block.tsx";
import { PlaceProvider, type Use, useKey } from "./press.ts";
import { keep, type Given } from "./raw.ts";

/**
 * The blocks of one message (or of the Home tab, where channel and stamp are empty). A press goes to the workspace; the
 * element shows that it waits, and a refusal stands under its block.
 */
export function Blocks({ blocks, channel, ts }: { blocks: readonly unknown[]; channel: string; ts: string }) {
  const { session } = useDeck();
  const [pending, setPending] = useState<string | null>(null);
  const [failed, setFailed] = useState<{ blockId: string; reason: string } | null>(null);
  const given = useRef<Given>({});

  const fill = (blockId: string, actionId: string, value: unknown) => {
    given.current = keep(given.current, blockId, actionId, value);
  };
  const use = (what: Use) => {
    if (pending !== null) return;
    setPending(useKey(what));
    setFailed(null);
    const press: Press = {
      ...(channel === "" ? { view_id: "home" } : { channel, message_ts: ts }),
      block_id: what.blockId,
      action_id: what.actionId,
      ...(what.value === undefined ? {} : { value: what.value }),
      ...(what.option === undefined ? {} : { selected_option: what.option }),
      ...(what.options === undefined ? {} : { selected_option: what.options }),
      values: given.current,
    };
    session.api
      .press(press)
      .catch((thrown: unknown) => setFailed({ blockId: what.blockId, reason: reasonOf(thrown) }))
      .finally(() => setPending(null));
  };

  return (
    <PlaceProvider value={{ pending, failed, use, keep: fill }}>
      <div class="blocks">
        {blocks.map((block, i) => {
          const data = record(block);
          return <Block key={str(data, "block_id") || i} block={data} />;
        })}
      </div>
    </PlaceProvider>
  );
}
