/** What opens above every page at a key: loaded when it is first wanted. */
import { lazy, Suspense, useEffect, useRef } from "react";
import { wishOf } from "../lib/shortcuts";
import { mainElement } from "../ui/focus";
import { useNewSession } from "./NewSession";
import { focusBefore, show, useOverlay } from "./overlay";

const Palette = lazy(() => import("./Palette"));
const KeysSheet = lazy(() => import("./KeysSheet"));

export function Overlays() {
  const overlay = useOverlay();
  const { begin } = useNewSession();
  const latest = useRef(begin);
  latest.current = begin;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const wish = wishOf(event);
      if (!wish || event.defaultPrevented) return;
      event.preventDefault();
      if (wish === "new") return void latest.current();
      show(wish);
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
      show(null);
    };
  }, []);

  if (!overlay) return null;
  const close = () => show(null);
  const returnFocus = () => focusBefore() ?? mainElement();
  return (
    <Suspense>
      {overlay === "palette" ? (
        <Palette onClose={close} onNewSession={begin} returnFocus={returnFocus} />
      ) : (
        <KeysSheet onClose={close} returnFocus={returnFocus} />
      )}
    </Suspense>
  );
}
