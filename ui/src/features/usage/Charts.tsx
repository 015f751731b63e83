/** The time hour by hour or day by day: as pictures, and as a table. */
import type { Bucket } from "../../api/usage";
import { usageText } from "../../lib/words/usage";
import { BarChart } from "../../ui/BarChart";
import { DataTable } from "../../ui/DataTable";
import type { Point } from "./series";

const { count, short, money, duration, charts, keys } = usageText;
const hour = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  hour: "numeric",
  minute: "2-digit",
});
// A day of the server's is one of UTC, whatever the clock here says.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

interface Props {
  points: Point[];
  bucket: Bucket;
}

export function Charts({ points, bucket }: Props) {
  const name = ({ at }: Point) => (bucket === "hour" ? hour : day).format(new Date(at));
  const bars = (partsOf: (point: Point) => number[]) =>
    points.map((point) => ({ name: name(point), parts: partsOf(point) }));
  return (
    <section aria-label={usageText.overTime} className="flex flex-col gap-4">
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <BarChart
          title={charts.requests}
          keys={[
            { name: keys.good, look: "first" },
            { name: keys.errors, look: "bad" },
          ]}
          bars={bars(({ requests, errors }) => [requests - errors, errors])}
          format={count}
          words={usageText}
        />
        <BarChart
          title={charts.tokens}
          keys={[
            { name: keys.read, look: "first" },
            { name: keys.written, look: "second" },
          ]}
          bars={bars(({ read, written }) => [read, written])}
          format={short}
          words={usageText}
        />
        <BarChart
          title={charts.cost}
          keys={[{ name: keys.cost, look: "first" }]}
          bars={bars(({ cost }) => [cost])}
          format={money}
          words={usageText}
        />
        <BarChart
          title={charts.latency}
          keys={[{ name: keys.latency, look: "first" }]}
          bars={bars(({ latency }) => [latency ?? 0])}
          format={duration}
          words={usageText}
        />
      </div>
      <details className="text-sm">
        <summary className="cursor-pointer text-muted-foreground">{usageText.asTable}</summary>
        <div className="mt-2">
          <DataTable
            label={usageText.overTime}
            rows={points}
            keyOf={({ at }) => at}
            columns={[
              { name: usageText.table.time, cell: name },
              { name: usageText.requests, cell: ({ requests }) => count(requests) },
              { name: usageText.errors, cell: ({ errors }) => count(errors) },
              { name: usageText.table.tokens, cell: ({ read, written }) => count(read + written) },
              { name: usageText.cost, cell: ({ cost }) => money(cost) },
              { name: usageText.table.latency, cell: ({ latency }) => duration(latency) },
            ]}
          />
        </div>
      </details>
    </section>
  );
}
