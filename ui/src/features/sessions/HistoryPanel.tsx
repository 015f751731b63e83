/** The history beside every page: search, projects, sessions by day. */
import { useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useSwitches } from "../../api/configuration";
import { useOpenSessionInLists } from "../../api/sessions";
import { historyText } from "../../lib/words/history";
import { onArrowKeys } from "./arrowKeys";
import { useDropPlace } from "./carrying";
import { Projects } from "./Projects";
import { SearchField, useSearchWords } from "./SearchField";
import { SearchResults } from "./SearchResults";
import { SessionList } from "./SessionList";
import { useMove } from "./useMove";

export function HistoryPanel() {
  const { typed, setTyped, words } = useSearchWords();
  const scroller = useRef<HTMLDivElement>(null);
  const { sessionId = "" } = useParams({ strict: false });
  useOpenSessionInLists(sessionId);
  return (
    <section
      aria-label={historyText.label}
      className="flex min-h-0 flex-1 flex-col gap-2"
      onKeyDown={onArrowKeys}
    >
      <SearchField typed={typed} onType={setTyped} />
      <div ref={scroller} className="-mx-1 min-h-0 flex-1 overflow-y-auto px-1 pb-1">
        {words ? <SearchResults words={words} /> : <Everything scroller={scroller} />}
      </div>
    </section>
  );
}

function Everything({ scroller }: { scroller: React.RefObject<HTMLDivElement | null> }) {
  const hasProjects = useSwitches()("projectOrganization");
  const above = useRef<HTMLDivElement>(null);
  const offset = useHeight(above);
  const move = useMove();
  const place = useDropPlace((session) => move(session, null));
  return (
    <>
      <div ref={above}>{hasProjects && <Projects look="side" />}</div>
      <div {...place.handlers} className={place.isOver ? "rounded-lg bg-muted" : ""}>
        <SessionList
          within={hasProjects ? "none" : "all"}
          look="side"
          label={historyText.label}
          scroller={scroller}
          offset={offset}
          empty={
            <p className="px-3 py-4 text-sm text-muted-foreground">{historyText.emptyShort}</p>
          }
        />
      </div>
    </>
  );
}

function useHeight(box: React.RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const sizes = new ResizeObserver(() => setHeight(current.offsetHeight));
    sizes.observe(current);
    return () => sizes.disconnect();
  }, [box]);
  return height;
}
