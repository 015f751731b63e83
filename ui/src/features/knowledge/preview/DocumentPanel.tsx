/** A document beside the page, at one of its passages. */
import { useEffect, useRef } from "react";
import type { Place } from "../../../api/collections";
import { type Passage, usePassages } from "../../../api/documents";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Button } from "../../../ui/Button";
import { SidePanel } from "../../../ui/SidePanel";
import { Failed, Loading } from "../../../ui/states";

const words = knowledgeText.preview;

export interface Shown {
  place: Place;
  documentId: string;
  name: string;
  /** The passage that is meant; without one it opens at its beginning. */
  ordinal: number | null;
}

interface Props {
  shown: Shown;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
}

export function DocumentPanel({ shown, onClose, returnFocus }: Props) {
  return (
    <SidePanel title={shown.name} onClose={onClose} returnFocus={returnFocus}>
      <Passages {...shown} />
    </SidePanel>
  );
}

function Passages({ place, documentId, ordinal }: Shown) {
  const list = usePassages(place, documentId, ordinal ?? 0);
  const { data, error, isPending, refetch } = list;
  if (isPending) return <Loading what={words.loading} />;
  if (!data) return <Failed title={words.failed} error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return <p className="text-sm text-muted-foreground">{words.none}</p>;
  return (
    <>
      {list.hasPreviousPage && (
        <Button className="mb-3" onClick={() => void list.fetchPreviousPage()}>
          {words.earlier}
        </Button>
      )}
      <ol aria-label={words.label} className="flex flex-col gap-3">
        {data.map((passage) => (
          <OnePassage
            key={passage.ordinal}
            passage={passage}
            isMeant={passage.ordinal === ordinal}
          />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button className="mt-3" onClick={() => void list.fetchNextPage()}>
          {words.later}
        </Button>
      )}
    </>
  );
}

function OnePassage({ passage, isMeant }: { passage: Passage; isMeant: boolean }) {
  const box = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isMeant) box.current?.scrollIntoView({ block: "center" });
  }, [isMeant]);
  const { page, lastPage, headings, text } = passage;
  const where = [knowledgeText.pages(page, lastPage), ...headings].filter(Boolean).join(" · ");
  return (
    <li
      ref={box}
      aria-current={isMeant || undefined}
      className={`rounded-lg border p-3 text-sm ${isMeant ? "border-primary bg-muted" : ""}`}
    >
      {isMeant && <span className="sr-only">{words.cited}: </span>}
      {where && <p className="mb-1 text-xs text-muted-foreground">{where}</p>}
      <p className="whitespace-pre-wrap">{text}</p>
    </li>
  );
}
