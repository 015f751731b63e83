/** The questions of a golden set, beside the page. */
import { type GoldenSet, useGoldenSet } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { SidePanel } from "../../../ui/SidePanel";
import { Failed, Loading } from "../../../ui/states";
import { Sought } from "./Sought";

const words = evaluationText.sets;

interface Props {
  set: GoldenSet;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function SetPanel({ set, onClose, returnFocus }: Props) {
  const { data, error, isPending, refetch } = useGoldenSet(set.setId);
  return (
    <SidePanel title={set.name} onClose={onClose} returnFocus={returnFocus}>
      {isPending && <Loading what={words.loadingOne} />}
      {error && !data && (
        <Failed title={words.failedOne} error={error} onRetry={() => void refetch()} />
      )}
      <ol aria-label={evaluationText.outcomes.title} className="flex flex-col gap-3">
        {data?.questions.map(({ question, relevant }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a set never changes
          <li key={at} className="rounded-lg border p-3 text-sm">
            <p className="font-medium">{question}</p>
            <Sought label={words.answeredBy} relevant={relevant} />
          </li>
        ))}
      </ol>
    </SidePanel>
  );
}
