/** Where the words that are looked for were said; each leads there. */
import { Link } from "@tanstack/react-router";
import { type Found, useSearch } from "../../api/sessions";
import { marked } from "../../lib/marked";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { Button } from "../../ui/Button";
import { Moment } from "../../ui/Moment";
import { Failed, FieldProblem, Loading } from "../../ui/states";

export function SearchResults({ words }: { words: string }) {
  const search = useSearch(words);
  const { data, error, hasNextPage } = search;
  if (search.isPending) return <Loading what={historyText.searching} />;
  if (!data)
    return (
      <Failed
        title={historyText.searchFailed}
        error={error}
        onRetry={() => void search.refetch()}
      />
    );
  return (
    <section aria-label={historyText.results}>
      <p role="status" className="px-3 py-2 text-xs text-muted-foreground">
        {data.length > 0
          ? historyText.found(data.length)
          : hasNextPage
            ? historyText.nothingYet
            : historyText.nothingFound}
      </p>
      <ul>
        {data.map((found) => (
          <li key={found.id}>
            <Result found={found} words={words} />
          </li>
        ))}
      </ul>
      {search.isFetchNextPageError && <FieldProblem error={error} />}
      {hasNextPage && (
        <div className="py-3 text-center">
          <Button onClick={() => void search.fetchNextPage()} disabled={search.isFetchingNextPage}>
            {search.isFetchingNextPage ? historyText.searching : historyText.furtherBack}
          </Button>
        </div>
      )}
    </section>
  );
}

function Result({ found, words }: { found: Found; words: string }) {
  const { session, item_id, snippet } = found;
  const title = sessionTitle(session);
  const isSaid = marked(title, words).some(({ isMatch }) => isMatch);
  return (
    <Link
      data-row={found.id}
      to="/sessions/$sessionId"
      params={{ sessionId: session.id }}
      search={{ item: item_id ?? undefined }}
      className="block rounded-lg px-3 py-2 hover:bg-muted"
    >
      <span className="block truncate text-sm font-medium">
        <Marked text={title} words={words} />
      </span>
      {(item_id || !isSaid) && (
        <span className="line-clamp-3 text-xs text-muted-foreground">
          <Marked text={snippet} words={words} />
        </span>
      )}
      <span className="block text-xs text-muted-foreground">
        <Moment at={session.updated} />
      </span>
    </Link>
  );
}

function Marked({ text, words }: { text: string; words: string }) {
  return marked(text, words).map(({ at, said, isMatch }) =>
    isMatch ? (
      <mark key={at} className="rounded-sm bg-primary/20 font-medium text-foreground">
        {said}
      </mark>
    ) : (
      said
    ),
  );
}
