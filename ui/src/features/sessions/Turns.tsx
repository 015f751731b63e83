/** A conversation as people read one: who, when, what. */
import { memo } from "react";
import type { Item } from "../../api/items";
import { text } from "../../lib/strings";
import { Moment } from "../../ui/Moment";
import { type Piece, piecesOf, turnsOf } from "./conversation";

export const Turns = memo(function Turns({ items }: { items: Item[] }) {
  return (
    <ol aria-label={text.session.conversation} className="flex flex-col gap-6">
      {turnsOf(items).map((turn) => (
        <li
          key={turn.id}
          className={turn.role === "user" ? "rounded-xl bg-muted px-4 py-3" : "px-4"}
        >
          <div className="mb-1 flex flex-wrap items-baseline gap-x-2 text-sm">
            <h2 className="font-semibold">{turn.speaker}</h2>
            <span className="text-xs text-muted-foreground">
              <Moment at={turn.at} />
            </span>
          </div>
          <div className="flex flex-col gap-3">
            {turn.items.map((item) => (
              <Words key={item.id} item={item} />
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
});

function Words({ item }: { item: Item }) {
  return (
    // Focus is sent here when earlier items appear above.
    <div data-item={item.id} tabIndex={-1} className="flex scroll-mt-32 flex-col gap-2">
      {piecesOf(item).map((piece, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stored item's parts never move
        <PieceOf key={position} piece={piece} />
      ))}
    </div>
  );
}

function PieceOf({ piece }: { piece: Piece }) {
  if ("text" in piece) return <p className="whitespace-pre-wrap">{piece.text}</p>;
  return (
    <details className="rounded-lg border px-3 py-2 text-sm">
      <summary className="cursor-pointer text-muted-foreground">
        {text.session.otherContent(piece.type)}
      </summary>
      <pre className="mt-2 text-xs whitespace-pre-wrap">{piece.content}</pre>
    </details>
  );
}
