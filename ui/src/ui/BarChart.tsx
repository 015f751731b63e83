/** Bars over time, drawn without a library; readers of the screen get its gist, and a table beside. */
import { useId } from "react";

export interface Bar {
  /** What it stands for, as people read it. */
  name: string;
  /** From the bottom up, in the order of the keys. */
  parts: number[];
}

interface Props {
  title: string;
  /** What the parts are; the second is drawn in the other colour. */
  keys: { name: string; look: Look }[];
  bars: Bar[];
  format: (value: number) => string;
  words: {
    chart: (title: string, most: string, at: string) => string;
    chartEmpty: (title: string) => string;
  };
}

export type Look = "first" | "second" | "bad";

const FILLS: Record<Look, string> = {
  first: "fill-primary",
  second: "fill-primary/45",
  bad: "fill-destructive",
};
const WIDTH = 400;
const HEIGHT = 120;
const GAP = 0.25;

const heightOf = (bar: Bar) => bar.parts.reduce((all, part) => all + part, 0);

export function BarChart({ title, keys, bars, format, words }: Props) {
  const id = useId();
  const most = Math.max(0, ...bars.map(heightOf));
  const highest = bars.find((bar) => heightOf(bar) === most);
  const gist =
    most && highest ? words.chart(title, format(most), highest.name) : words.chartEmpty(title);
  return (
    <figure aria-labelledby={id} className="min-w-0 rounded-xl border bg-card p-4">
      <figcaption id={id} className="text-sm font-medium">
        {title}
      </figcaption>
      {keys.length > 1 && <Keys keys={keys} />}
      <p aria-hidden="true" className="mt-3 text-xs text-muted-foreground">
        {format(most)}
      </p>
      <svg
        role="img"
        aria-label={gist}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-28 w-full border-y"
      >
        {most > 0 &&
          bars.map((bar, at) => (
            <g key={bar.name}>
              <title>{`${bar.name}: ${format(heightOf(bar))}`}</title>
              {rectanglesOf(bar, at, bars.length, most).map((rectangle, part) => (
                <rect
                  key={keys[part]?.name}
                  {...rectangle}
                  className={FILLS[keys[part]?.look ?? "first"]}
                />
              ))}
            </g>
          ))}
      </svg>
      <p
        aria-hidden="true"
        className="mt-1 flex justify-between gap-2 text-xs text-muted-foreground"
      >
        <span>{bars[0]?.name}</span>
        <span>{bars.at(-1)?.name}</span>
      </p>
    </figure>
  );
}

function Keys({ keys }: Pick<Props, "keys">) {
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted-foreground">
      {keys.map(({ name, look }) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg aria-hidden="true" viewBox="0 0 8 8" className={`size-2.5 ${FILLS[look]}`}>
            <rect width="8" height="8" rx="2" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function rectanglesOf(bar: Bar, at: number, count: number, most: number) {
  const room = WIDTH / count;
  let y = HEIGHT;
  return bar.parts.map((part) => {
    const height = (part / most) * HEIGHT;
    y -= height;
    return { x: (at + GAP / 2) * room, y, width: room * (1 - GAP), height };
  });
}
