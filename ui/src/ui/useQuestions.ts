/** Which question about a thing is open; focus returns to where it was asked, or to the page. */
import { type RefObject, useRef, useState } from "react";
import { mainElement } from "./focus";

interface Asked<What, Thing> {
  what: What;
  thing: Thing;
  trigger?: RefObject<HTMLElement | null>;
}

export function useQuestions<What, Thing>() {
  const [asked, setAsked] = useState<Asked<What, Thing> | null>(null);
  const isGone = useRef(false);
  return {
    asked,
    ask: (what: What, thing: Thing, trigger?: RefObject<HTMLElement | null>) => {
      isGone.current = false;
      setAsked({ what, thing, trigger });
    },
    close: () => setAsked(null),
    /** Closes when the thing that was asked about is there no more. */
    closeGone: () => {
      isGone.current = true;
      setAsked(null);
    },
    returnFocus: () =>
      isGone.current ? mainElement() : (asked?.trigger?.current ?? mainElement()),
  };
}
