/** The one-time code that a sign-in link carries in its fragment, where no server log sees it. */
import { useEffect, useSyncExternalStore } from "react";

const PREFIX = "#sign-in=";

let taken = "";
const watchers = new Set<() => void>();

/** Takes the code out of the address bar, at once, and remembers it for this page only. */
export function takeArrivalCode(): void {
  const { hash, pathname, search } = window.location;
  if (!hash.startsWith(PREFIX)) return;
  taken = hash.slice(PREFIX.length);
  window.history.replaceState(null, "", pathname + search);
  for (const watcher of watchers) watcher();
}

/** The code of the newest link opened here, or nothing. A link may also come while the page is open. */
export function useArrivalCode(): string {
  useEffect(() => {
    window.addEventListener("hashchange", takeArrivalCode);
    return () => window.removeEventListener("hashchange", takeArrivalCode);
  }, []);
  return useSyncExternalStore(watch, () => taken);
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
