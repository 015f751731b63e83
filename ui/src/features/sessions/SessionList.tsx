/** Sessions under the days they were last changed on; only those near the screen are drawn. */
import { useParams } from "@tanstack/react-router";
import {
  type ComponentProps,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import { Virtualizer, WindowVirtualizer } from "virtua";
import { type Session, useSessions, type Within } from "../../api/sessions";
import { byDay } from "../../lib/days";
import { text } from "../../lib/strings";
import { historyText } from "../../lib/words/history";
import { Button } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";
import { Failed, FieldProblem, Loading } from "../../ui/states";
import { type ListLook, SessionRow } from "./SessionRow";
import { useSessionDeletion } from "./useSessionDeletion";
import { useSessionQuestions } from "./useSessionQuestions";

// A page that has no size, as while it is tested, still shows something.
const WITHOUT_SIZE = 30;

interface Props {
  within: Within;
  look: ListLook;
  label: string;
  empty: ReactNode;
  /** What scrolls, and how far down in it the list begins; without it, the window. */
  scroller?: RefObject<HTMLElement | null>;
  offset?: number;
}

export function SessionList(props: Props) {
  const list = useSessions(props.within);
  const { data } = list;
  if (data?.length) return <Rows {...props} sessions={data} list={list} />;
  if (data && !list.hasNextPage) return props.empty;
  if (list.isPending || data) return <Loading what={historyText.loading} />;
  return (
    <Failed title={historyText.failed} error={list.error} onRetry={() => void list.refetch()} />
  );
}

type Row = { id: string; heading: string } | { id: string; session: Session };

function rowsOf(sessions: readonly Session[]): Row[] {
  return byDay(sessions, ({ updated }) => updated).flatMap(({ name, things }): Row[] => [
    { id: name, heading: name },
    ...things.map((session) => ({ id: session.id, session })),
  ]);
}

interface RowsProps extends Props {
  sessions: Session[];
  list: ReturnType<typeof useSessions>;
}

function Rows({ sessions, list, look, label, scroller, offset = 0 }: RowsProps) {
  const { sessionId = "" } = useParams({ strict: false });
  const { ask, questions } = useSessionQuestions();
  const remove = useSessionDeletion();
  const [active, setActive] = useState("");
  const rows = rowsOf(sessions);
  const stop = [active, sessionId].find((id) => sessions.some((one) => one.id === id));
  const stopId = stop ?? sessions[0]?.id;
  const drawn = (row: Row) =>
    "heading" in row ? (
      <Heading key={row.id} look={look} name={row.heading} />
    ) : (
      <SessionRow
        key={row.id}
        session={row.session}
        look={look}
        isStop={row.id === stopId}
        onFocus={() => setActive(row.id)}
        onAsk={ask}
        onDelete={remove}
      />
    );
  const given = {
    as: ListBox as ComponentProps<typeof Virtualizer>["as"],
    item: "li" as const,
    data: rows,
    keepMounted: [rows.findIndex(({ id }) => id === stopId)],
    ssrCount: Math.min(rows.length, WITHOUT_SIZE),
  };
  return (
    <section aria-label={label}>
      {list.isRefetchError && <FieldProblem error={list.error} />}
      {scroller ? (
        <Virtualizer {...given} scrollRef={scroller} startMargin={offset}>
          {drawn}
        </Virtualizer>
      ) : (
        <WindowVirtualizer {...given}>{drawn}</WindowVirtualizer>
      )}
      <More list={list} known={sessions} />
      {questions}
    </section>
  );
}

const ListBox = (props: ComponentProps<"ul">) => <ul {...props} />;

function Heading({ look, name }: { look: ListLook; name: string }) {
  const space = look === "page" ? "px-1 pt-6 pb-2" : "px-3 pt-4 pb-1";
  return <h3 className={`${space} text-xs font-medium text-muted-foreground`}>{name}</h3>;
}

interface MoreProps {
  list: ReturnType<typeof useSessions>;
  known: Session[];
}

/** More come when one scrolls to the end, or asks for them. */
function More({ list, known }: MoreProps) {
  const end = useRef<HTMLDivElement>(null);
  const { announce } = useNotices();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const isIdle = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (!end.current || !isIdle) return;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
    });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [isIdle, fetchNextPage]);

  const showMore = async () => {
    const { data } = await fetchNextPage();
    if (!data) return;
    announce(historyText.shown(data.length));
    const before = new Set(known.map(({ id }) => id));
    focusRow(data.find(({ id }) => !before.has(id))?.id);
  };
  if (!hasNextPage) return null;
  return (
    <div ref={end} className="py-3 text-center">
      {isFetchNextPageError && <FieldProblem error={list.error} />}
      <Button onClick={() => void showMore()} disabled={isFetchingNextPage}>
        {isFetchingNextPage ? text.loading : text.more}
      </Button>
    </div>
  );
}

/** Focus goes on to a row as soon as it is drawn. */
function focusRow(id: string | undefined): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`main [data-row="${CSS.escape(id ?? "")}"]`);
    row?.focus();
  });
}
