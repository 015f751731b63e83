/** When something was, as one looks for it: today, yesterday, this week, this month, a month. */
import { historyText } from "./words/history";

const words = historyText.days;
const DAY = 86_400_000;
const month = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).valueOf();

export function dayGroup(at: string, now = new Date()): string {
  const then = new Date(at);
  // Half a day more, so that a clock set forward or back changes nothing.
  const ago = Math.floor((midnight(now) - midnight(then) + DAY / 2) / DAY);
  if (!(ago > 0)) return words.today;
  if (ago === 1) return words.yesterday;
  if (ago <= 7) return words.week;
  if (ago <= 30) return words.month;
  return month.format(then);
}

export interface DayGroup<Thing> {
  name: string;
  things: Thing[];
}

/** Things in the order they came, under the days they belong to. */
export function byDay<Thing>(
  things: readonly Thing[],
  momentOf: (thing: Thing) => string,
  now = new Date(),
): DayGroup<Thing>[] {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const name = dayGroup(momentOf(thing), now);
    const group = groups.get(name);
    if (group) group.push(thing);
    else groups.set(name, [thing]);
  }
  return [...groups].map(([name, found]) => ({ name, things: found }));
}
