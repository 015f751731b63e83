/** Between the fields of a schedule's form and what is sent, and how a schedule reads. */
import type { Hours, Scheduling, Week } from "../../../api/hostedTypes";
import { scheduleText as words } from "../../../lib/words/schedules";

export type Day = keyof Week;
export const DAYS = Object.keys(words.days) as Day[];

export interface ScheduleFields {
  kind: Scheduling["scheduleType"];
  zone: string;
  everyDay: Hours;
  /** A day without hours isn't run on. */
  days: Record<Day, Hours | null>;
}

const USUAL: Hours = { startTime: "08:00", stopTime: "18:00" };

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function scheduleFields(known: Scheduling | null): ScheduleFields {
  const everyDay = known?.recurringSchedule ?? USUAL;
  const isWorkday = (day: Day) => !/^s(atur|un)day$/.test(day);
  const hoursOf = (day: Day) =>
    known?.dailySchedule ? (known.dailySchedule[day] ?? null) : isWorkday(day) ? everyDay : null;
  return {
    kind: known?.scheduleType ?? "RECURRING",
    zone: known?.timezone ?? ownZone(),
    everyDay,
    days: byDay(hoursOf),
  };
}

const byDay = (hoursOf: (day: Day) => Hours | null) =>
  Object.fromEntries(DAYS.map((day) => [day, hoursOf(day)])) as ScheduleFields["days"];

export const withHours = (fields: ScheduleFields, day: Day, isOn: boolean) => ({
  ...fields.days,
  [day]: isOn ? fields.everyDay : null,
});

export function schedulingOf({ kind, zone, everyDay, days }: ScheduleFields): Scheduling {
  const known = { scheduleType: kind, timezone: zone.trim() };
  if (kind === "RECURRING") return { ...known, recurringSchedule: everyDay };
  const chosen = Object.entries(days).filter(([, hours]) => hours !== null);
  return { ...known, dailySchedule: Object.fromEntries(chosen) };
}

/** Day by day, days with equal hours apart all the same: the order of the week counts more. */
export function linesOf(scheduling: Scheduling): { name: string; value: string }[] {
  const { recurringSchedule, dailySchedule } = scheduling;
  if (recurringSchedule) return [{ name: words.everyDay, value: told(recurringSchedule) }];
  return DAYS.flatMap((day) => {
    const hours = dailySchedule?.[day];
    return hours ? [{ name: words.days[day] ?? day, value: told(hours) }] : [];
  });
}

const told = ({ startTime, stopTime }: Hours) => words.hours(startTime, stopTime);

/** Every time zone the browser knows; where it can't say, the own one and UTC. */
export function zones(): string[] {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set(["UTC", ownZone(), ...known])];
}
