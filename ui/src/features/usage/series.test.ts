import { expect, test } from "vitest";
import type { Line } from "../../api/usage";
import { pointsOf } from "./series";

const line = (start: string, requests: number, mean: number | null) =>
  ({
    start,
    requests,
    errors: 1,
    prompt_tokens: 2,
    completion_tokens: 3,
    cost: 0.1,
    total_ms: { mean },
  }) as Line;

test("every hour of the time has a point, empty ones too", () => {
  const points = pointsOf([], "2026-01-01T10:20:00Z", "2026-01-01T13:00:00Z", "hour");
  expect(points.map(({ at }) => at.slice(11, 16))).toEqual(["10:00", "11:00", "12:00"]);
  expect(points[0]).toMatchObject({ requests: 0, latency: null });
});

test("names of the same day are summed, and their times weighed by their calls", () => {
  const lines = [
    line("2026-01-02T00:00:00Z", 1, 100),
    line("2026-01-02T00:00:00Z", 3, 500),
    line("2026-01-01T00:00:00Z", 1, null),
  ];
  const points = pointsOf(lines, "2026-01-01T09:00:00Z", "2026-01-03T00:00:00Z", "day");
  expect(points).toHaveLength(2);
  expect(points[1]).toMatchObject({ requests: 4, errors: 2, read: 4, written: 6, latency: 400 });
});
