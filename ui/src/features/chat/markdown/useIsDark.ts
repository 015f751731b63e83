/** Whether the page is dark, also after its theme or the system's changes. */
import { useSyncExternalStore } from "react";
import { isDark } from "../../../lib/theme";

function subscribe(listener: () => void) {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(listener);
  system.addEventListener("change", listener);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", listener);
    chosen.disconnect();
  };
}

export const useIsDark = () => useSyncExternalStore(subscribe, isDark);
