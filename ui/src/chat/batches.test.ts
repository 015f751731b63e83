import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Batches } from "./batches";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When words that come every ten milliseconds are delivered, until they have come for so long. */
function deliveries(batches: (deliver: () => void) => Batches<string>, forMs: number): number[] {
  const at: number[] = [];
  const began = performance.now();
  const made = batches(() => at.push(performance.now() - began));
  for (let ms = 0; ms < forMs; ms += 10) {
    made.add("word");
    vi.advanceTimersByTime(10);
  }
  return at;
}

test("the first words are delivered more often than those of an answer that goes on", () => {
  const at = deliveries((deliver) => new Batches(deliver), 3_000);
  expect(at.filter((ms) => ms <= 1_000)).toHaveLength(20);
  expect(at.filter((ms) => ms > 2_000)).toHaveLength(13);
});

test("after a silence an answer is eager again", () => {
  let deliver = () => {};
  const batches = new Batches<string>(() => deliver());
  deliveries(() => batches, 3_000);
  vi.advanceTimersByTime(2_000);
  const at = deliveries((take) => {
    deliver = take;
    return batches;
  }, 500);
  expect(at).toHaveLength(10);
});

test("nothing is lost, and what waits can be had at once", () => {
  const came: string[][] = [];
  const batches = new Batches<string>((words) => came.push(words));
  batches.add("one");
  batches.add("two");
  batches.flush();
  batches.flush();
  batches.add("three");
  vi.runAllTimers();
  expect(came).toEqual([["one", "two"], ["three"]]);
});
