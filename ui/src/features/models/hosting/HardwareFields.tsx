/** How much a model runs on, how many replicas there may be, and when it is stopped. */
import type { ComponentProps } from "react";
import type { Scaling } from "../../../api/hostedTypes";
import { hostingText as words } from "../../../lib/words/hosting";
import { FieldGroup, SelectField, TextField } from "../../../ui/fields";
import { type HostingFields, isOnAws } from "./hostingFields";

const METRICS = Object.entries(words.metrics).map(([value, label]) => ({
  value: value as Scaling["metric"],
  label,
}));
const GRID = "grid grid-cols-1 gap-4 sm:grid-cols-2";

interface Props {
  fields: HostingFields;
  onChange: (some: Partial<HostingFields>) => void;
}

export function HardwareFields(props: Props) {
  return (
    <>
      <Machine {...props} />
      <Replicas {...props} />
      <Idle {...props} />
    </>
  );
}

function Machine({ fields, onChange }: Props) {
  const onAws = isOnAws(fields);
  return (
    <div className={GRID}>
      {onAws && (
        <TextField
          label={words.instanceType}
          hint={words.instanceTypeHint}
          pattern="[a-z0-9\-]{2,20}\.[a-z0-9\-]{2,20}"
          required
          value={fields.instanceType}
          onChange={(instanceType) => onChange({ instanceType })}
        />
      )}
      <Whole
        label={words.gpus}
        hint={words.gpusHint}
        min={0}
        max={16}
        value={fields.gpus}
        onChange={(gpus) => onChange({ gpus })}
      />
      {onAws && (
        <Whole
          label={words.disk}
          min={30}
          max={16_384}
          value={fields.diskGb}
          onChange={(diskGb) => onChange({ diskGb })}
        />
      )}
      {onAws && (
        <Whole
          label={words.sharedMemory}
          hint={words.sharedMemoryHint}
          min={0}
          max={1_048_576}
          value={fields.sharedMemoryMb}
          onChange={(sharedMemoryMb) => onChange({ sharedMemoryMb })}
        />
      )}
    </div>
  );
}

function Replicas({ fields, onChange }: Props) {
  return (
    <FieldGroup legend={words.replicas}>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        {(["minimum", "maximum", "desired"] as const).map((name) => (
          <Whole
            key={name}
            label={words[name]}
            min={name === "maximum" ? 1 : 0}
            max={100}
            value={fields[name]}
            onChange={(n) => onChange({ [name]: n })}
          />
        ))}
      </div>
      {Number(fields.maximum) > Number(fields.minimum) && (
        <div className={GRID}>
          <SelectField
            label={words.metric}
            value={fields.metric}
            options={METRICS}
            onChange={(metric) => onChange({ metric })}
          />
          <TextField
            label={words.target}
            type="number"
            min={0}
            step="any"
            required
            value={fields.target}
            onChange={(target) => onChange({ target })}
          />
          {(["cooldownSeconds", "warmupSeconds"] as const).map((name) => (
            <Whole
              key={name}
              label={name === "cooldownSeconds" ? words.cooldown : words.warmup}
              min={1}
              max={name === "cooldownSeconds" ? 86_400 : 3_600}
              value={fields[name]}
              onChange={(seconds) => onChange({ [name]: seconds })}
            />
          ))}
        </div>
      )}
    </FieldGroup>
  );
}

function Idle({ fields, onChange }: Props) {
  return (
    <div className={GRID}>
      <TextField
        label={words.idle}
        hint={words.idleHint}
        type="number"
        min={1}
        max={43_200}
        step="any"
        value={fields.idleMinutes}
        onChange={(idleMinutes) => onChange({ idleMinutes })}
      />
      <TextField
        label={words.start}
        type="number"
        min={1}
        max={120}
        step="any"
        required
        value={fields.startMinutes}
        onChange={(startMinutes) => onChange({ startMinutes })}
      />
    </div>
  );
}

const Whole = (props: ComponentProps<typeof TextField>) => (
  <TextField type="number" inputMode="numeric" step={1} required {...props} />
);
