/** Who or what used how much; a name narrows everything to itself. */
import { useState } from "react";
import { useMe } from "../../api/identity";
import { type By, type Line, type Span, useUsage } from "../../api/usage";
import { usageText } from "../../lib/words/usage";
import { DataTable } from "../../ui/DataTable";
import { SelectField } from "../../ui/fields";
import { Failed, Loading } from "../../ui/states";

const { columns, count, money, duration } = usageText;

interface Props {
  span: Span;
  onNarrow: (by: By, name: string) => void;
}

export function Breakdown({ span, onNarrow }: Props) {
  const { data: me } = useMe(true);
  const [by, setBy] = useState<By>("model");
  const { data, error, isPending, refetch } = useUsage(span, by, true);
  const offered: By[] = me?.admin ? ["model", "subject", "token"] : ["model", "token"];
  const title = usageText.breakdownTitle(usageText.by[by]);
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div className="max-w-52">
        <SelectField
          label={usageText.breakdown}
          value={by}
          options={offered.map((value) => ({ value, label: usageText.by[value] }))}
          onChange={setBy}
        />
      </div>
      {isPending && <Loading what={usageText.loading} />}
      {error && !data && (
        <Failed title={usageText.failed} error={error} onRetry={() => void refetch()} />
      )}
      {data && (
        <DataTable
          label={title}
          rows={[...data.lines].sort((a, b) => b.cost - a.cost || b.requests - a.requests)}
          keyOf={nameOf}
          columns={[
            {
              name: usageText.by[by],
              cell: ({ name }) => <Name name={name} onChoose={() => onNarrow(by, name)} />,
            },
            { name: usageText.requests, cell: ({ requests }) => count(requests) },
            { name: usageText.errors, cell: ({ errors }) => count(errors) },
            { name: columns.read, cell: ({ prompt_tokens }) => count(prompt_tokens) },
            { name: columns.written, cell: ({ completion_tokens }) => count(completion_tokens) },
            { name: usageText.cost, cell: ({ cost }) => money(cost) },
            { name: columns.p50, cell: ({ total_ms }) => duration(total_ms.p50) },
            { name: columns.p95, cell: ({ total_ms }) => duration(total_ms.p95) },
          ]}
        />
      )}
    </section>
  );
}

const nameOf = ({ name }: Line) => name;

function Name({ name, onChoose }: { name: string; onChoose: () => void }) {
  if (!name) return usageText.noToken;
  return (
    <button
      type="button"
      aria-label={usageText.narrow(name)}
      className="cursor-pointer rounded text-left underline decoration-dotted underline-offset-4 hover:text-primary"
      onClick={onChoose}
    >
      {name}
    </button>
  );
}
