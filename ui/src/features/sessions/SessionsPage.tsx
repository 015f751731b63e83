/** All of the caller's sessions on a page of their own: projects, days, search, import. */
import { type ReactNode, useLayoutEffect } from "react";
import { useSwitches } from "../../api/configuration";
import { text } from "../../lib/strings";
import { historyText } from "../../lib/words/history";
import { PageTitle } from "../../ui/PageTitle";
import { Empty } from "../../ui/states";
import { onArrowKeys } from "./arrowKeys";
import { ImportButton } from "./ImportButton";
import { Projects } from "./Projects";
import { SearchField, useSearchWords } from "./SearchField";
import { SearchResults } from "./SearchResults";
import { SessionList } from "./SessionList";

interface Props {
  /** Begins a session; a wide screen has it beside the page. */
  begin: ReactNode;
}

export function SessionsPage({ begin }: Props) {
  const { typed, setTyped, words } = useSearchWords();
  useLayoutEffect(() => {
    window.scrollTo(0, 0); // its answer, a promise in newer browsers, is no clean-up
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys come from the rows within
    <div onKeyDown={onArrowKeys}>
      <PageTitle>{text.sessions.title}</PageTitle>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h1 className="text-2xl font-semibold">{text.sessions.title}</h1>
        <ImportButton />
      </div>
      <div className="mb-4">
        <SearchField typed={typed} onType={setTyped} />
      </div>
      {words ? <SearchResults words={words} /> : <Everything begin={begin} />}
    </div>
  );
}

function Everything({ begin }: Props) {
  const hasProjects = useSwitches()("projectOrganization");
  return (
    <>
      {hasProjects && <Projects look="page" />}
      <SessionList
        within={hasProjects ? "none" : "all"}
        look="page"
        label={historyText.label}
        empty={
          <Empty title={historyText.emptyTitle} body={historyText.emptyBody}>
            <div className="md:hidden">{begin}</div>
          </Empty>
        }
      />
    </>
  );
}
