import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** What an element of a block says when it is used; the block around it adds the rest. */
export interface Use {
  blockId: string;
  actionId: string;
  value?: string;
  option?: unknown;
  options?: readonly unknown[];
}

/** The message (or the Home tab) that blocks stand in. */
export interface Place {
  /** `block_id/action_id` of the element that waits for its answer; the others are off meanwhile. */
  pending: string | null;
  /** Why the last press of a block failed, by its block id. */
  failed: { blockId: string; reason: string } | null;
  /** What is wrong with the fields of a form, by block id. */
  errors?: Readonly<Record<string, string>>;
  use: (use: Use) => void;
  /** Keeps what stands in an input, to be sent with the next press. */
  keep: (blockId: string, actionId: string, value: unknown) => void;
}

/** Ids of what stands beside a field of a form, for those who hear the page. */
export const besideField = (blockId: string): { hint: string; error: string } => {
  const id = `field-${encodeURIComponent(blockId)}`;
  return { hint: `${id}-hint`, error: `${id}-error` };
};

const Context = createContext<Place>({ pending: null, failed: null, use: () => {}, keep: () => {} });
export const PlaceProvider = Context.Provider;
export const usePlace = (): Place => useContext(Context);
export const useKey = (use: Pick<Use, "blockId" | "actionId">): string => `${use.blockId}/${use.actionId}`;
