/** Another run of the same golden set beside this one: what is better, what is worse. */
import {
  type Difference,
  type Figures,
  type Run,
  useComparable,
  useComparison,
  type WholeRun,
} from "../../../api/evaluations";
import { momentText } from "../../../lib/moment";
import { evaluationText } from "../../../lib/words/evaluations";
import { DataTable } from "../../../ui/DataTable";
import { SelectField } from "../../../ui/fields";
import { NamedBars } from "../../../ui/NamedBars";
import { Failed, Loading } from "../../../ui/states";

const { comparison: words, figures: names, methods, part, change, ms, changeMs } = evaluationText;

interface Props {
  run: WholeRun;
  /** The id of the run beside it; empty where none was chosen. */
  other: string;
  onChoose: (other: string) => void;
}

export function Comparison({ run, other, onChoose }: Props) {
  const { data = [], isPending, error, refetch } = useComparable(run);
  return (
    <section aria-label={words.title} className="flex flex-col gap-4">
      <h2 className="text-lg font-semibold">{words.title}</h2>
      {isPending && <Loading what={words.loading} />}
      {error && <Failed title={words.failed} error={error} onRetry={() => void refetch()} />}
      {!isPending && !error && data.length === 0 && !other && (
        <p className="text-sm text-muted-foreground">{words.none}</p>
      )}
      {(data.length > 0 || other) && (
        <div className="max-w-md">
          <SelectField
            label={words.with}
            value={other}
            options={[{ value: "", label: words.nothing }, ...data.map(optionOf)]}
            onChange={onChoose}
          />
        </div>
      )}
      {other && (
        <Compared
          run={run}
          other={other}
          name={data.find(({ runId }) => runId === other)?.name ?? other}
        />
      )}
    </section>
  );
}

const optionOf = ({ runId, name, created }: Run) => ({
  value: runId,
  label: words.option(name, momentText(created)),
});

function Compared({ run, other, name }: { run: WholeRun; other: string; name: string }) {
  const { data, error, isPending, refetch } = useComparison(other, run.runId);
  if (isPending) return <Loading what={words.loading} />;
  if (!data) return <Failed title={words.failed} error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return <p className="text-sm text-muted-foreground">{words.noMethod}</p>;
  return (
    <>
      <DifferenceTable label={words.table(name)} differences={data} />
      <p className="text-xs text-muted-foreground">{words.explained}</p>
      <NamedBars
        title={names.recallChart("10")}
        keys={[names.after, names.before]}
        bars={data.map(({ method, before, after }) => ({
          name: methods[method],
          values: [after.recallAt10, before.recallAt10],
        }))}
        whole={1}
        format={part}
      />
      <Moved run={run} differences={data} />
    </>
  );
}

interface TableProps {
  label: string;
  differences: Difference[];
}

function DifferenceTable({ label, differences }: TableProps) {
  const column = (
    name: string,
    of: (figures: Figures) => number,
    [now, by]: [(n: number) => string, (n: number) => string] = [part, change],
  ) => ({
    name,
    cell: ({ before, after }: Difference) => `${now(of(after))} (${by(of(after) - of(before))})`,
  });
  return (
    <DataTable
      label={label}
      rows={differences}
      keyOf={({ method }) => method}
      columns={[
        { name: names.method, cell: ({ method }) => methods[method] },
        column(names.recall("10"), ({ recallAt10 }) => recallAt10),
        column(names.ndcg, ({ ndcgAt10 }) => ndcgAt10),
        column(names.mrr, ({ mrr }) => mrr),
        column(names.p50, ({ p50 }) => p50, [ms, changeMs]),
        column(names.p95, ({ p95 }) => p95, [ms, changeMs]),
        { name: words.gained, cell: ({ gained }) => gained.length },
        { name: words.lost, cell: ({ lost }) => lost.length },
      ]}
    />
  );
}

/** Which questions they are, for those who want to know. */
function Moved({ run, differences }: { run: WholeRun; differences: Difference[] }) {
  const texts = new Map(run.outcomes.map(({ number, question }) => [number, question]));
  const lists = differences.flatMap(({ method, gained, lost }) => [
    { title: words.lostBy(methods[method]), numbers: lost },
    { title: words.gainedBy(methods[method]), numbers: gained },
  ]);
  return lists
    .filter(({ numbers }) => numbers.length > 0)
    .map(({ title, numbers }) => (
      <details key={title} className="text-sm">
        <summary className="cursor-pointer">
          {title} ({numbers.length})
        </summary>
        <ul className="mt-2 list-disc pl-6 text-muted-foreground">
          {numbers.map((number) => (
            <li key={number}>{texts.get(number)}</li>
          ))}
        </ul>
      </details>
    ));
}
