/** A passage that an answer rests on, beside the conversation. */
import { Link } from "@tanstack/react-router";
import type { WirePassage } from "../../../api/responses";
import type { Citation } from "../../../chat/citations";
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { buttonClass } from "../../../ui/Button";
import { SidePanel } from "../../../ui/SidePanel";

const words = chatKnowledge.sources;

interface SourceProps {
  source: Citation;
  passage?: WirePassage;
  onClose: () => void;
}

export default function SourcePanel({ source, passage, onClose }: SourceProps) {
  const { number, name, quote, collection, documentId, start, ordinal } = source;
  const [repositoryId, collectionId] = placeOf(collection);
  const where = [
    words.pages(source.page, source.lastPage),
    words.ordinal(ordinal),
    ...(passage?.headings ?? []),
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <SidePanel title={words.source(number, name)} onClose={onClose}>
      {where && <p className="mb-2 text-xs text-muted-foreground">{where}</p>}
      <blockquote className="border-l-2 border-primary pl-3 text-sm whitespace-pre-wrap">
        <Quoted text={passage?.text ?? quote} quote={quote} />
      </blockquote>
      {repositoryId && collectionId && (
        <Link
          to="/knowledge/in/$repositoryId/$collectionId"
          params={{ repositoryId, collectionId }}
          search={{
            document: documentId,
            ...(ordinal === null ? startOf(start) : { at: ordinal }),
          }}
          className={`${buttonClass()} mt-4`}
        >
          {words.open}
        </Link>
      )}
    </SidePanel>
  );
}

const startOf = (start: number | null) => (start === null ? {} : { start });

/** A repository's id has no dot. */
function placeOf(collection: string): [string, string] | [] {
  const dot = collection.indexOf(".");
  return dot > 0 ? [collection.slice(0, dot), collection.slice(dot + 1)] : [];
}

function Quoted({ text, quote }: { text: string; quote: string }) {
  const at = quote ? text.indexOf(quote) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded bg-primary/20 text-inherit">{quote}</mark>
      {text.slice(at + quote.length)}
    </>
  );
}
