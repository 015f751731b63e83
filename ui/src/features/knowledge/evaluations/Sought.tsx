/** The places that answer a question. */
import type { Outcome } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";

const words = evaluationText.outcomes;

interface Props {
  label: string;
  relevant: Outcome["relevant"];
}

export function Sought({ label, relevant }: Props) {
  return (
    <div className="mt-1 flex flex-wrap gap-x-2 text-xs text-muted-foreground">
      <span>{label}:</span>
      <ul className="min-w-0">
        {relevant.map(({ document, page, quote }) => (
          <li key={`${document} ${page} ${quote}`}>
            {[document, page && words.page(page)].filter(Boolean).join(", ")}
            {quote && <q className="ml-1.5 italic">{quote}</q>}
          </li>
        ))}
      </ul>
    </div>
  );
}
