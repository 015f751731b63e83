/** What a person arrives with: a link's one-time code, or the answer of an issuer. */
import { useEffect, useSyncExternalStore } from "react";

const PREFIX = "#sign-in=";
const SIGNED_IN = "/signed-in";

let code = "";
let issuersAnswer = "";
const watchers = new Set<() => void>();

/** Takes it out of the address bar, at once, and remembers it for this page only. */
export function takeArrival(): void {
  const { hash, href, pathname, search } = window.location;
  issuersAnswer = "";
  if (hash.startsWith(PREFIX)) {
    code = hash.slice(PREFIX.length);
    window.history.replaceState(null, "", pathname + search);
  } else if (isAnswer(new URLSearchParams(search))) {
    issuersAnswer = href;
    const page = pathname.endsWith(SIGNED_IN) ? pathname.slice(0, -SIGNED_IN.length) : pathname;
    window.history.replaceState(null, "", page || "/");
  }
  for (const watcher of watchers) watcher();
}

const isAnswer = (query: URLSearchParams) =>
  query.has("state") && (query.has("code") || query.has("error"));

/** The code of the newest link opened here, or nothing. A link may also come while the page is open. */
export function useArrivalCode(): string {
  useEffect(() => {
    window.addEventListener("hashchange", takeArrival);
    return () => window.removeEventListener("hashchange", takeArrival);
  }, []);
  return useSyncExternalStore(watch, () => code);
}

/** The address at which an issuer's answer arrived, or nothing. */
export function useArrivalAnswer(): string {
  return useSyncExternalStore(watch, () => issuersAnswer);
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
