/** A list that comes page by page: focus goes on to the first row that was added. */
import { type ReactNode, useEffect, useRef } from "react";
import { text } from "../lib/strings";
import { Button } from "./Button";
import { useNotices } from "./Notices";
import { Failed, FieldProblem, Loading } from "./states";

/** As much of a paged query as is needed to show it. */
interface Query<Row> {
  data: Row[] | undefined;
  error: Error | null;
  isPending: boolean;
  isRefetchError: boolean;
  isFetchNextPageError: boolean;
  isFetchingNextPage: boolean;
  hasNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => Promise<{ data: Row[] | undefined }>;
}

interface Props<Row> {
  list: Query<Row>;
  label: string;
  words: { loading: string; failed: string; shown: (count: number) => string };
  empty: ReactNode;
  keyOf: (row: Row) => string;
  children: (row: Row, position: number) => ReactNode;
}

export function PagedList<Row>(props: Props<Row>) {
  const { list, words, empty } = props;
  const { data } = list;
  if (data?.length) return <Rows {...props} rows={data} />;
  if (data && !list.hasNextPage) return empty;
  if (list.isPending || data) return <Loading what={words.loading} />;
  return <Failed title={words.failed} error={list.error} onRetry={() => void list.refetch()} />;
}

function Rows<Row>({ list, rows, label, words, keyOf, children }: Props<Row> & { rows: Row[] }) {
  const { announce } = useNotices();
  const firstNew = useRef("");
  const box = useRef<HTMLUListElement>(null);

  const showMore = async () => {
    const known = new Set(rows.map(keyOf));
    const { data } = await list.fetchNextPage();
    if (!data) return;
    announce(words.shown(data.length));
    firstNew.current = data.map(keyOf).find((key) => !known.has(key)) ?? "";
  };
  useEffect(() => {
    const at = rows.findIndex((row) => keyOf(row) === firstNew.current);
    if (at < 0) return;
    firstNew.current = "";
    (box.current?.children[at] as HTMLElement | undefined)?.focus();
  }, [rows, keyOf]);

  return (
    <>
      {list.isRefetchError && <FieldProblem error={list.error} />}
      <ul
        ref={box}
        aria-label={label}
        className="divide-y overflow-hidden rounded-xl border bg-card"
      >
        {rows.map((row, position) => (
          <li key={keyOf(row)} tabIndex={-1} className="px-4 py-3">
            {children(row, position)}
          </li>
        ))}
      </ul>
      {list.isFetchNextPageError && <FieldProblem error={list.error} />}
      {list.hasNextPage && (
        <div className="mt-4 text-center">
          <Button onClick={() => void showMore()} disabled={list.isFetchingNextPage}>
            {list.isFetchingNextPage ? text.loading : text.more}
          </Button>
        </div>
      )}
    </>
  );
}
