/** A search of documents, as a step of the answer. */
import type { SearchPart } from "../../../chat/parts";
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { Icon } from "../../../ui/icons";

const words = chatKnowledge.search;

export function FileSearch({ search }: { search: SearchPart }) {
  const { state, passages, queries } = search;
  return (
    <details className="rounded-lg border bg-card px-3 py-2 text-sm">
      <summary className="flex min-h-6 cursor-pointer items-center gap-2">
        <Icon name="knowledge" />
        <span className={state === "failed" ? "min-w-0 text-destructive" : "min-w-0"}>
          {titleOf(search)}
        </span>
      </summary>
      <ul aria-label={words.queries} className="mt-2 list-disc pl-5">
        {queries.map((query) => (
          <li key={query}>{query}</li>
        ))}
      </ul>
      {passages && passages.length > 0 && (
        <ol aria-label={words.passages} className="mt-2 flex flex-col gap-1 text-xs">
          {passages.map((passage) => (
            <li key={`${passage.file_id} ${passage.start} ${passage.number}`}>
              {words.passage(passage.number ?? 0, passage.filename)}{" "}
              <span className="text-muted-foreground">
                {chatKnowledge.sources.pages(passage.page ?? null, passage.last_page ?? null)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

function titleOf({ state, passages }: SearchPart): string {
  if (state === "running") return words.running;
  if (state === "failed") return words.failed;
  if (passages === null) return words.searched;
  const collections = new Set(passages.map(({ collection }) => collection)).size;
  return words.found(collections, passages.length);
}
