/** The passages that were found, and why; each opens its document where it stands. */
import { useState } from "react";
import type { Found, Hit } from "../../../api/knowledgeSearch";
import { knowledgeText } from "../../../lib/words/knowledge";
import { searchText as words } from "../../../lib/words/knowledgeSearch";
import { Button } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { Empty } from "../../../ui/states";
import { DocumentPanel } from "../preview/DocumentPanel";

const STEPS = Object.keys(words.steps);
const METHODS = ["dense", "lexical", "fused", "rerank"];

export function Hits({ found: { hits, timings } }: { found: Found }) {
  const [opened, setOpened] = useState<Hit | null>(null);
  const times = Object.entries(timings)
    .sort(([one], [other]) => STEPS.indexOf(one) - STEPS.indexOf(other))
    .map(([step, seconds]) => ({ name: words.steps[step] ?? step, value: words.seconds(seconds) }));
  return (
    <section aria-label={words.hits} className="flex flex-col gap-3">
      <h2 className="text-lg font-semibold">{words.found(hits.length)}</h2>
      <Facts facts={times} />
      {hits.length === 0 && <Empty title={words.nothingTitle} body={words.nothingBody} />}
      <ol aria-label={words.hits} className="flex flex-col gap-3">
        {hits.map((hit, at) => (
          <li key={keyOf(hit)} className="rounded-xl border bg-card p-4">
            <OneHit hit={hit} rank={at + 1} onOpen={() => setOpened(hit)} />
          </li>
        ))}
      </ol>
      {opened && (
        <DocumentPanel
          shown={{
            place: opened,
            documentId: opened.documentId,
            name: opened.name,
            ordinal: opened.ordinal,
          }}
          onClose={() => setOpened(null)}
        />
      )}
    </section>
  );
}

const keyOf = ({ repositoryId, collectionId, documentId, ordinal }: Hit) =>
  [repositoryId, collectionId, documentId, ordinal].join(" ");

function OneHit({ hit, rank, onOpen }: { hit: Hit; rank: number; onOpen: () => void }) {
  const { page, lastPage, headings, text, name, score, scores, tags, facts } = hit;
  const where = [knowledgeText.pages(page, lastPage), ...headings].filter(Boolean).join(" · ");
  const methods = METHODS.flatMap((method) => {
    const value = scores[method];
    if (value === undefined) return [];
    return [
      {
        name: words.methods[method] ?? method,
        value: words.scored(value, scores[`${method}_rank`]),
      },
    ];
  });
  return (
    <>
      <h3 className="font-medium">
        {words.rank(rank)} {name}
      </h3>
      {where && <p className="text-xs text-muted-foreground">{where}</p>}
      <p className="my-2 line-clamp-6 text-sm whitespace-pre-wrap">{text}</p>
      <Facts
        facts={[
          { name: words.score, value: words.number(score) },
          ...methods,
          { name: knowledgeText.library.tags, value: tags.join(", ") },
          ...Object.entries(facts).map(([key, value]) => ({ name: key, value: String(value) })),
        ]}
      />
      <Button className="mt-2" aria-label={words.open(name)} onClick={onOpen}>
        {knowledgeText.library.preview}
      </Button>
    </>
  );
}
