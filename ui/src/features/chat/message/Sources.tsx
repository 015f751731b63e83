/** What an answer rests on: its markers open the passage, and a list below names all. */
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import type { WirePassage } from "../../../api/responses";
import { type Citation, sourcesOf } from "../../../chat/citations";
import type { Message } from "../../../chat/messages";
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { OpenSourceProvider } from "./SourcesContext";

const SourcePanel = lazy(() => import("./SourcePanel"));

const words = chatKnowledge.sources;

export function WithSources({ message, children }: { message: Message; children: ReactNode }) {
  const { parts } = message;
  const sources = useMemo(
    () => sourcesOf(parts.flatMap((part) => (part.kind === "text" ? part.citations : []))),
    [parts],
  );
  const [opened, setOpened] = useState<number | null>(null);
  const source = sources.find(({ number }) => number === opened);
  return (
    <OpenSourceProvider value={setOpened}>
      {children}
      {sources.length > 0 && <SourceList sources={sources} onOpen={setOpened} />}
      {source && (
        <Suspense fallback={null}>
          <SourcePanel
            source={source}
            passage={passageOf(message, source)}
            onClose={() => setOpened(null)}
          />
        </Suspense>
      )}
    </OpenSourceProvider>
  );
}

/** The passage in full, where this answer's own searches have found it. */
function passageOf({ parts }: Message, { number }: Citation): WirePassage | undefined {
  const found = parts.flatMap((part) => (part.kind === "search" ? (part.passages ?? []) : []));
  return found.find((passage) => passage.number === number);
}

interface ListProps {
  sources: Citation[];
  onOpen: (number: number) => void;
}

function SourceList({ sources, onOpen }: ListProps) {
  return (
    <section aria-label={words.title} className="text-sm">
      <h3 className="text-xs font-medium text-muted-foreground">{words.title}</h3>
      <ol className="mt-1 flex flex-wrap gap-2">
        {sources.map((source) => (
          <li key={source.number} className="max-w-full">
            <button
              type="button"
              onClick={() => onOpen(source.number)}
              className="min-h-6 max-w-full cursor-pointer rounded-lg border bg-card px-2.5 py-1 text-left text-xs hover:bg-muted"
            >
              {words.source(source.number, source.name)}{" "}
              <span className="text-muted-foreground">
                {words.pages(source.page, source.lastPage)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
