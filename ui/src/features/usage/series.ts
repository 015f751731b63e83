/** From lines by name and hour or day to one point for each, empty ones among them. */
import type { Bucket, Line, Span } from "../../api/usage";

export interface Point {
  at: string;
  requests: number;
  errors: number;
  read: number;
  written: number;
  cost: number;
  /** Milliseconds; nothing where nothing was called. */
  latency: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP: Record<Bucket, number> = { hour: HOUR_MS, day: DAY_MS };

export type Range = "day" | "week" | "month" | "quarter";
const RANGES: Record<Range, { days: number; bucket: Bucket }> = {
  day: { days: 1, bucket: "hour" },
  week: { days: 7, bucket: "day" },
  month: { days: 30, bucket: "day" },
  quarter: { days: 90, bucket: "day" },
};

export function spanOf(range: Range, now = Date.now()): Pick<Span, "from" | "to" | "bucket"> {
  const { days, bucket } = RANGES[range];
  return {
    from: new Date(now - days * DAY_MS).toISOString(),
    to: new Date(now).toISOString(),
    bucket,
  };
}

export function pointsOf(lines: Line[], since: string, until: string, bucket: Bucket): Point[] {
  const found = new Map<number, Line[]>();
  for (const line of lines) {
    const at = startOf(line.start, bucket);
    found.set(at, [...(found.get(at) ?? []), line]);
  }
  const points: Point[] = [];
  for (let at = startOf(since, bucket); at < Date.parse(until); at += STEP[bucket])
    points.push(summed(new Date(at).toISOString(), found.get(at) ?? []));
  return points;
}

/** The server's hours and days are those of UTC. */
function startOf(moment: string, bucket: Bucket): number {
  const at = Date.parse(moment);
  return at - (at % STEP[bucket]);
}

function summed(at: string, lines: Line[]): Point {
  const sum = (of: (line: Line) => number) => lines.reduce((all, line) => all + of(line), 0);
  const requests = sum((line) => line.requests);
  const spent = sum((line) => (line.total_ms.mean ?? 0) * line.requests);
  return {
    at,
    requests,
    errors: sum((line) => line.errors),
    read: sum((line) => line.prompt_tokens),
    written: sum((line) => line.completion_tokens),
    cost: sum((line) => line.cost),
    latency: requests ? spent / requests : null,
  };
}
