/** When a model runs by itself: every day alike, or each day at its own hours. */
import { type ReactNode, useState } from "react";
import type { Hours, Scheduling } from "../../../api/hostedTypes";
import { useSetSchedule } from "../../../api/schedules";
import { scheduleText } from "../../../lib/words/schedules";
import { FormDialog } from "../../../ui/FormDialog";
import { CheckField, SelectField, TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import {
  DAYS,
  type Day,
  type ScheduleFields,
  scheduleFields,
  schedulingOf,
  withHours,
} from "./scheduleFields";
import { ZoneField } from "./ZoneField";

const words = scheduleText.form;
const KINDS = (["RECURRING", "DAILY"] as const).map((value) => ({
  value,
  label: words.kinds[value],
}));

interface Props {
  id: string;
  known: Scheduling | null;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
}

export function ScheduleDialog({ id, known, onClose, returnFocus }: Props) {
  const [fields, setFields] = useState(() => scheduleFields(known));
  const save = useSetSchedule(id);
  const { notify } = useNotices();
  const change = (some: Partial<ScheduleFields>) => setFields({ ...fields, ...some });
  const isReady = fields.kind === "RECURRING" || Object.values(fields.days).some(Boolean);
  const submit = () =>
    save.mutate(schedulingOf(fields), {
      onSuccess: () => {
        notify(scheduleText.saved(id));
        onClose();
      },
    });
  return (
    <FormDialog
      title={words.title(id)}
      description={words.intro}
      submit={words.save}
      error={save.error}
      isPending={save.isPending}
      isReady={isReady}
      onSubmit={submit}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <SelectField
        label={words.kind}
        value={fields.kind}
        options={KINDS}
        onChange={(kind) => change({ kind })}
      />
      <ZoneField label={words.zone} value={fields.zone} onChange={(zone) => change({ zone })} />
      {fields.kind === "RECURRING" ? (
        <HoursFields
          hours={fields.everyDay}
          labels={[words.start, words.stop]}
          onChange={(everyDay) => change({ everyDay })}
        />
      ) : (
        DAYS.map((day) => (
          <DayFields key={day} day={day} fields={fields} onChange={(days) => change({ days })} />
        ))
      )}
    </FormDialog>
  );
}

interface DayProps {
  day: Day;
  fields: ScheduleFields;
  onChange: (days: ScheduleFields["days"]) => void;
}

function DayFields({ day, fields, onChange }: DayProps): ReactNode {
  const name = scheduleText.days[day] ?? day;
  const hours = fields.days[day];
  return (
    <div className="flex flex-col gap-2 border-t pt-3">
      <CheckField
        label={name}
        checked={Boolean(hours)}
        onChange={(isOn) => onChange(withHours(fields, day, isOn))}
      />
      {hours && (
        <HoursFields
          hours={hours}
          labels={[words.startOf(name), words.stopOf(name)]}
          onChange={(changed) => onChange({ ...fields.days, [day]: changed })}
        />
      )}
    </div>
  );
}

interface HoursProps {
  hours: Hours;
  labels: [start: string, stop: string];
  onChange: (hours: Hours) => void;
}

function HoursFields({ hours, labels, onChange }: HoursProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <TextField
        label={labels[0]}
        type="time"
        required
        value={hours.startTime}
        onChange={(startTime) => onChange({ ...hours, startTime })}
      />
      <TextField
        label={labels[1]}
        type="time"
        required
        value={hours.stopTime}
        onChange={(stopTime) => onChange({ ...hours, stopTime })}
      />
    </div>
  );
}
