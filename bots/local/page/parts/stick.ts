import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** The reader counts as being at the end within this many pixels of it. */
const slackPx = 60;

export interface Stick {
  box: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Something came below while the reader was further up. */
  unseen: boolean;
  toEnd: () => void;
}

/** Keeps a growing list at its end, unless the reader went up to read. `count` is the number of messages. */
export function useStick(count: number, mine: boolean): Stick {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [unseen, setUnseen] = useState(false);
  const seen = useRef(count);

  const toEnd = () => {
    stuck.current = true;
    setUnseen(false);
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };
  useEffect(() => {
    const element = box.current;
    const inner = content.current;
    if (element === null || inner === null) return undefined;
    let top = element.scrollTop;
    const onScroll = () => {
      // Only going up lets go: what grew since our own scroll is below, and the observer comes to it after this event.
      const up = element.scrollTop < top;
      top = element.scrollTop;
      const atEnd = element.scrollHeight - top - element.clientHeight < slackPx;
      stuck.current = atEnd || (stuck.current && !up);
      if (stuck.current) setUnseen(false);
    };
    const observer = new ResizeObserver(() => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, []);
  useEffect(() => {
    if (count > seen.current && seen.current > 0) {
      if (mine) toEnd();
      else if (!stuck.current) setUnseen(true);
    }
    seen.current = count;
  }, [count, mine]);
  return { box, content, unseen, toEnd };
}
