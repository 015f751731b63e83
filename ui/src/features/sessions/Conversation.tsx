/** A session's items, read from either end, however many there are. */
import type { ReactNode } from "react";
import { type End, type Item, useItems } from "../../api/items";
import { text } from "../../lib/strings";
import { Button } from "../../ui/Button";
import { useNotices } from "../../ui/Notices";
import { Failed, FieldProblem, Loading } from "../../ui/states";
import { Turns } from "./Turns";
import { useReadingPosition } from "./useReadingPosition";

interface Props {
  sessionId: string;
  count: number;
  from: End;
  onTurn: (from: End) => void;
}

export function Conversation(props: Props) {
  const list = useItems(props.sessionId, props.from);
  if (list.isPending) return <Loading what={text.session.loading} />;
  if (!list.data) {
    const retry = () => void list.refetch();
    return <Failed title={text.session.failed} error={list.error} onRetry={retry} />;
  }
  if (list.data.length === 0)
    return <p className="py-10 text-center text-muted-foreground">{text.session.empty}</p>;
  return <Pages {...props} list={list} items={list.data} />;
}

interface PagesProps extends Props {
  list: ReturnType<typeof useItems>;
  items: Item[];
}

function Pages({ count, from, onTurn, list, items }: PagesProps) {
  const keepPlace = useReadingPosition(from, items);
  const { announce } = useNotices();
  const fromNewest = from === "newest";

  const readOn = async () => {
    keepPlace();
    const { data } = await list.fetchNextPage();
    if (data) announce(text.session.shown(data.length, Math.max(count, data.length)));
  };
  const more = list.hasNextPage && (
    <Button onClick={() => void readOn()} disabled={list.isFetchingNextPage}>
      {fromNewest ? text.session.earlier : text.session.later}
    </Button>
  );
  const turn = (list.hasNextPage || !fromNewest) && (
    <Button look="quiet" onClick={() => onTurn(fromNewest ? "start" : "newest")}>
      {fromNewest ? text.session.toStart : text.session.toNewest}
    </Button>
  );

  return (
    <>
      <Ends>
        {fromNewest && more}
        {turn}
      </Ends>
      {list.isFetchNextPageError && <FieldProblem error={list.error} />}
      <Turns items={items} />
      <Ends>{!fromNewest && more}</Ends>
    </>
  );
}

const Ends = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap justify-center gap-2 py-3 empty:hidden">{children}</div>
);
