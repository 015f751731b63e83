/** A few things beside each other, each with its bars and figures; drawn without a library. */
import { useId } from "react";

export interface NamedBar {
  name: string;
  /** In the order of the keys; nothing where there is no figure. */
  values: (number | null)[];
}

interface Props {
  title: string;
  keys: string[];
  bars: NamedBar[];
  /** What the whole width stands for; without it the greatest value. */
  whole?: number;
  format: (value: number) => string;
}

const FILLS = ["fill-primary", "fill-primary/45"];
const WIDTH = 100;

export function NamedBars({ title, keys, bars, whole, format }: Props) {
  const id = useId();
  const most = whole ?? Math.max(...bars.flatMap(({ values }) => values.map((one) => one ?? 0)));
  return (
    <figure aria-labelledby={id} className="min-w-0 rounded-xl border bg-card p-4">
      <figcaption id={id} className="text-sm font-medium">
        {title}
      </figcaption>
      <dl className="mt-3 flex flex-col gap-3 text-xs">
        {bars.map(({ name, values }) => (
          <div key={name}>
            <dt className="mb-1 text-muted-foreground">{name}</dt>
            {keys.map((key, at) => {
              const value = values[at] ?? null;
              return (
                <dd key={key} className="flex items-center gap-2">
                  <Bar part={most > 0 ? (value ?? 0) / most : 0} fill={FILLS[at]} />
                  <Told name={keys.length > 1 ? key : ""} value={value} format={format} />
                </dd>
              );
            })}
          </div>
        ))}
      </dl>
    </figure>
  );
}

interface ToldProps extends Pick<Props, "format"> {
  /** Empty where there is but one bar. */
  name: string;
  value: number | null;
}

function Told({ name, value, format }: ToldProps) {
  return (
    <span className={`shrink-0 text-right tabular-nums ${name ? "w-28" : "w-12"}`}>
      {name && <span className="text-muted-foreground">{name} </span>}
      {value === null ? "–" : format(value)}
    </span>
  );
}

function Bar({ part, fill }: { part: number; fill: string | undefined }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} 8`}
      preserveAspectRatio="none"
      className="h-3 min-w-0 flex-1 rounded-sm bg-muted"
    >
      <rect width={part * WIDTH} height="8" className={fill} />
    </svg>
  );
}
