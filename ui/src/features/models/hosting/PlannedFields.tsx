/** Other numbers of replicas by the clock: rows that are added and removed. */
import { useEffect, useRef } from "react";
import { hostingText as words } from "../../../lib/words/hosting";
import { scheduleText } from "../../../lib/words/schedules";
import { Button } from "../../../ui/Button";
import { CheckField, TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import { DAYS, type Day } from "../schedules/scheduleFields";
import { ZoneField } from "../schedules/ZoneField";
import { newPlan, type PlannedFields as Plan } from "./plans";

const MOST = 20;

interface Props {
  planned: Plan[];
  /** What a new row begins with. */
  replicas: Pick<Plan, "minimum" | "maximum">;
  onChange: (planned: Plan[]) => void;
}

export function PlannedFields({ planned, replicas, onChange }: Props) {
  const adding = useRef<HTMLButtonElement>(null);
  const added = useRef<number>(undefined);
  const { announce } = useNotices();
  const change = (row: number, some: Partial<Plan>) =>
    onChange(planned.map((one) => (one.row === row ? { ...one, ...some } : one)));
  const add = () => {
    const plan = newPlan(planned, replicas);
    added.current = plan.row;
    onChange([...planned, plan]);
  };
  const remove = (row: number, number: number) => {
    announce(words.planRemoved(number));
    onChange(planned.filter((one) => one.row !== row));
    adding.current?.focus();
  };
  return (
    <section aria-label={words.planned} className="mt-2 flex flex-col gap-3">
      <div>
        <h3 className="text-sm font-medium">{words.planned}</h3>
        <p className="text-xs text-muted-foreground">{words.plannedHint}</p>
      </div>
      {planned.map((plan, at) => (
        <Row
          key={plan.row}
          plan={plan}
          number={at + 1}
          isAdded={plan.row === added.current}
          onChange={(some) => change(plan.row, some)}
          onRemove={() => remove(plan.row, at + 1)}
        />
      ))}
      {planned.length < MOST && (
        <Button ref={adding} className="self-start" onClick={add}>
          {words.addPlan}
        </Button>
      )}
    </section>
  );
}

interface RowProps {
  plan: Plan;
  number: number;
  /** Then it is filled in next. */
  isAdded: boolean;
  onChange: (some: Partial<Plan>) => void;
  onRemove: () => void;
}

function Row({ plan, number, isAdded, onChange, onRemove }: RowProps) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isAdded) first.current?.focus();
  }, [isAdded]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 rounded-xl border bg-card p-4">
      <legend className="px-1 text-sm font-medium">{words.plan(number)}</legend>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField
          ref={first}
          label={words.planAt(number)}
          type="time"
          required
          value={plan.at}
          onChange={(at) => onChange({ at })}
        />
        <ZoneField
          label={words.planZone(number)}
          value={plan.timezone}
          onChange={(timezone) => onChange({ timezone })}
        />
        {(["minimum", "maximum"] as const).map((bound) => (
          <TextField
            key={bound}
            label={bound === "minimum" ? words.planLeast(number) : words.planMost(number)}
            type="number"
            inputMode="numeric"
            min={bound === "minimum" ? 0 : 1}
            max={100}
            step={1}
            required
            value={plan[bound]}
            onChange={(n) => onChange({ [bound]: n })}
          />
        ))}
      </div>
      <Days
        legend={words.planDays(number)}
        chosen={plan.days}
        onChange={(days) => onChange({ days })}
      />
      <Button className="self-start" onClick={onRemove}>
        {words.removePlan(number)}
      </Button>
    </fieldset>
  );
}

interface DaysProps {
  legend: string;
  chosen: Day[];
  onChange: (days: Day[]) => void;
}

function Days({ legend, chosen, onChange }: DaysProps) {
  const turn = (day: Day, isOn: boolean) =>
    onChange(DAYS.filter((one) => (one === day ? isOn : chosen.includes(one))));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-sm font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-3">
        {DAYS.map((day) => (
          <CheckField
            key={day}
            label={scheduleText.days[day]}
            checked={chosen.includes(day)}
            onChange={(isOn) => turn(day, isOn)}
          />
        ))}
      </div>
    </fieldset>
  );
}
