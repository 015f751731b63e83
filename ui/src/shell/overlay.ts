/** What is open above all pages: the palette, the sheet of keys, or nothing. */
import { useSyncExternalStore } from "react";

export type Overlay = "palette" | "keys" | null;

let open: Overlay = null;
let before: Element | null = null;
const listeners = new Set<() => void>();

export function show(overlay: Overlay): void {
  if (open === null) before = document.activeElement;
  open = overlay;
  for (const tell of listeners) tell();
}

/** What had focus before anything was open, if it is still there. */
export const focusBefore = (): HTMLElement | null =>
  before instanceof HTMLElement && before.isConnected && before !== document.body ? before : null;

export const openPalette = () => show("palette");

export const useOverlay = (): Overlay =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    () => open,
  );
