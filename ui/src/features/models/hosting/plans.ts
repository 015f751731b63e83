/** Between the rows of planned scaling and what is sent, and how one of them reads. */
import type { Planned } from "../../../api/hostedTypes";
import { Problem } from "../../../lib/problem";
import { hostingText as words } from "../../../lib/words/hosting";
import { scheduleText } from "../../../lib/words/schedules";
import { DAYS, type Day, ownZone } from "../schedules/scheduleFields";

export interface PlannedFields {
  /** Tells rows of the form apart. */
  row: number;
  at: string;
  days: Day[];
  timezone: string;
  minimum: string;
  maximum: string;
}

export const newPlan = (beside: PlannedFields[], replicas: Pick<PlannedFields, Bound>) => ({
  row: Math.max(0, ...beside.map(({ row }) => row)) + 1,
  at: "08:00",
  days: [...DAYS],
  timezone: beside.at(-1)?.timezone ?? ownZone(),
  minimum: replicas.minimum,
  maximum: replicas.maximum,
});

type Bound = "minimum" | "maximum";

export const plannedFields = (planned: Planned[]): PlannedFields[] =>
  planned.map(({ minimum, maximum, ...rest }, at) => ({
    ...rest,
    row: at + 1,
    minimum: String(minimum),
    maximum: String(maximum),
  }));

export const plannedOf = (fields: PlannedFields[]): Planned[] => fields.map(oneOf);

function oneOf({ at, days, timezone, ...bounds }: PlannedFields): Planned {
  const [minimum, maximum] = [Number(bounds.minimum), Number(bounds.maximum)];
  if (days.length === 0) throw new Problem(0, words.noDay, words.noDayNext);
  if (minimum > maximum) throw new Problem(0, words.planOrder, words.planOrderNext);
  return { at, days, timezone: timezone.trim(), minimum, maximum };
}

export function toldPlan({ at, days, timezone, minimum, maximum }: Planned): string {
  return words.plannedFact(at, toldDays(days), timezone, words.replicaRange(minimum, maximum));
}

function toldDays(days: Day[]): string {
  if (days.length === DAYS.length) return scheduleText.everyDay.toLowerCase();
  const names = days.map((day) => scheduleText.days[day]);
  const [first = "", last = ""] = [names[0], names.at(-1)];
  const begin = DAYS.indexOf(days[0] as Day);
  const isRow = days.length > 2 && days.every((day, at) => day === DAYS[begin + at]);
  return isRow ? words.dayRange(first, last) : names.join(", ");
}
