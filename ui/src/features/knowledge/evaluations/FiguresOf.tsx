/** The figures of a run, method by method: as pictures and as a table. */
import { useState } from "react";
import type { WholeRun } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { DataTable } from "../../../ui/DataTable";
import { SelectField } from "../../../ui/fields";
import { NamedBars } from "../../../ui/NamedBars";
import { DEPTHS, type Depth, type Measured, measuredBy, recallAt } from "./measured";

const { figures: words, methods, part, ms } = evaluationText;

export function FiguresOf({ run }: { run: WholeRun }) {
  const [depth, setDepth] = useState<Depth>("10");
  const measured = measuredBy(run);
  const bars = (values: (one: Measured) => number[]) =>
    measured.map((one) => ({ name: methods[one.method], values: values(one) }));
  return (
    <section aria-label={words.title} className="flex flex-col gap-4">
      <h2 className="text-lg font-semibold">{words.title}</h2>
      <FigureTable measured={measured} />
      <p className="text-xs text-muted-foreground">{words.explained}</p>
      <div className="max-w-52">
        <SelectField
          label={words.depth}
          value={depth}
          options={DEPTHS.map((value) => ({ value, label: words.depths[value] }))}
          onChange={setDepth}
        />
      </div>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <NamedBars
          title={words.recallChart(depth)}
          keys={[words.recall(depth)]}
          bars={bars(({ figures }) => [recallAt(depth, figures)])}
          whole={1}
          format={part}
        />
        <NamedBars
          title={words.latencyChart}
          keys={[words.p50, words.p95]}
          bars={bars(({ figures }) => [figures.p50, figures.p95])}
          format={ms}
        />
      </div>
    </section>
  );
}

function FigureTable({ measured }: { measured: Measured[] }) {
  return (
    <DataTable
      label={words.title}
      rows={measured}
      keyOf={({ method }) => method}
      columns={[
        { name: words.method, cell: ({ method }) => methods[method] },
        ...DEPTHS.map((depth) => ({
          name: words.recall(depth),
          cell: ({ figures }: Measured) => part(recallAt(depth, figures)),
        })),
        { name: words.ndcg, cell: ({ figures }) => part(figures.ndcgAt10) },
        { name: words.mrr, cell: ({ figures }) => part(figures.mrr) },
        { name: words.missed, cell: ({ figures }) => figures.missed },
        { name: words.p50, cell: ({ figures }) => ms(figures.p50) },
        { name: words.p95, cell: ({ figures }) => ms(figures.p95) },
      ]}
    />
  );
}
