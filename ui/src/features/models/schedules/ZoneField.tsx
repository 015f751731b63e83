/** A time zone, of those that the browser knows or by its name. */
import { useId } from "react";
import { scheduleText } from "../../../lib/words/schedules";
import { TextField } from "../../../ui/fields";
import { zones } from "./scheduleFields";

interface Props {
  label: string;
  value: string;
  onChange: (zone: string) => void;
}

export function ZoneField({ label, value, onChange }: Props) {
  const list = useId();
  return (
    <>
      <TextField
        label={label}
        hint={scheduleText.form.zoneHint}
        list={list}
        required
        maxLength={64}
        value={value}
        onChange={onChange}
      />
      <datalist id={list}>
        {zones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
