/** The time as a whole, in a few numbers. */
import type { Used } from "../../api/usage";
import { usageText } from "../../lib/words/usage";

const { short, money, duration } = usageText;
const share = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });

export function Totals({ total }: { total: Used }) {
  const errors = total.requests ? total.errors / total.requests : 0;
  const tiles = [
    {
      name: usageText.requests,
      value: short(total.requests),
      more: total.cache_hits ? usageText.cacheHits(total.cache_hits) : "",
    },
    {
      name: usageText.errors,
      value: short(total.errors),
      more: usageText.errorRate(share.format(errors)),
    },
    {
      name: usageText.tokens,
      value: short(total.prompt_tokens + total.completion_tokens),
      more: usageText.inAndOut(short(total.prompt_tokens), short(total.completion_tokens)),
    },
    { name: usageText.cost, value: money(total.cost), more: "" },
    {
      name: usageText.half,
      value: duration(total.total_ms.p50),
      more: usageText.firstByte(duration(total.first_byte_ms.p50)),
    },
    {
      name: usageText.most,
      value: duration(total.total_ms.p95),
      more: usageText.firstByte(duration(total.first_byte_ms.p95)),
    },
  ];
  return (
    <section aria-label={usageText.totals}>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        {tiles.map(({ name, value, more }) => (
          <div key={name} className="rounded-xl border bg-card px-4 py-3">
            <dt className="text-xs text-muted-foreground">{name}</dt>
            <dd className="mt-1 text-xl font-semibold">{value}</dd>
            {more && <dd className="text-xs text-muted-foreground">{more}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}
