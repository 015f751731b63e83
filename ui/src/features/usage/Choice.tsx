/** Which time is shown, of whom and what; and the way to take it along. */
import { type By, type Span, useUsageExport } from "../../api/usage";
import { asProblem, sentence } from "../../lib/problem";
import { saveFile } from "../../lib/save";
import { usageText } from "../../lib/words/usage";
import { Button } from "../../ui/Button";
import { SelectField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import type { Range } from "./series";

const RANGES = Object.entries(usageText.ranges).map(([value, label]) => ({
  value: value as Range,
  label,
}));
const NARROWING: By[] = ["model", "subject", "token"];
const FILE = "usage.csv";

interface Props {
  range: Range;
  span: Span;
  onRange: (range: Range) => void;
  onNarrow: (by: By, name: string) => void;
}

export function Choice({ range, span, onRange, onNarrow }: Props) {
  return (
    <section aria-label={usageText.choice} className="mb-6 flex flex-wrap items-end gap-2">
      <div className="min-w-0 basis-52">
        <SelectField label={usageText.range} value={range} options={RANGES} onChange={onRange} />
      </div>
      <Button className="min-h-10" onClick={() => onRange(range)}>
        {usageText.refresh}
      </Button>
      {NARROWING.filter((by) => span[by]).map((by) => (
        <Button
          key={by}
          className="min-h-10"
          aria-label={usageText.withoutNarrowing(span[by])}
          onClick={() => onNarrow(by, "")}
        >
          {usageText.only[by]}: {span[by]} <span aria-hidden="true">✕</span>
        </Button>
      ))}
    </section>
  );
}

export function Download({ span }: { span: Span }) {
  const exporting = useUsageExport();
  const { notify } = useNotices();
  const save = () => {
    notify(usageText.exporting);
    exporting.mutate(span, {
      onSuccess: (content) => {
        saveFile(FILE, content);
        notify(usageText.exported(FILE));
      },
      onError: (error) => notify(usageText.exportFailed(sentence(asProblem(error)))),
    });
  };
  return (
    <Button onClick={save} disabled={exporting.isPending}>
      {usageText.csv}
    </Button>
  );
}
