/** Keeps the eye and the focus where they were while a conversation grows at either end. */
import { useLayoutEffect, useRef } from "react";
import type { End, Item } from "../../api/items";

interface Place {
  itemId: string;
  top: number;
}

const elementOf = (itemId: string) =>
  document.querySelector<HTMLElement>(`[data-item="${CSS.escape(itemId)}"]`);

/** Returns what to call just before more items are asked for. */
export function useReadingPosition(from: End, items: Item[] | undefined): () => void {
  const place = useRef<Place | null>(null);
  const newest = items?.at(-1)?.id;
  const length = items?.length ?? 0;

  // Opening a session, turning it round, or something new said.
  useLayoutEffect(() => {
    if (!newest || place.current) return;
    window.scrollTo(0, from === "newest" ? document.body.scrollHeight : 0);
  }, [from, newest]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when items were added
  useLayoutEffect(() => {
    const kept = place.current;
    const element = kept && elementOf(kept.itemId);
    place.current = null;
    if (!kept || !element) return;
    element.focus({ preventScroll: true });
    window.scrollBy(0, element.getBoundingClientRect().top - kept.top);
  }, [length]);

  return () => {
    const edge = from === "newest" ? items?.[0] : items?.at(-1);
    const element = edge && elementOf(edge.id);
    place.current = element ? { itemId: edge.id, top: element.getBoundingClientRect().top } : null;
  };
}
