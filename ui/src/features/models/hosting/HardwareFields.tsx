/** How much a model runs on, how many replicas there may be, and when it is stopped. */
import { type ComponentProps, useId } from "react";
import type { Scaling } from "../../../api/hostedTypes";
import { useInstanceTypes } from "../../../api/hosting";
import { hostingText as words } from "../../../lib/words/hosting";
import { FieldGroup, SelectField, TextField } from "../../../ui/fields";
import { type HostingFields, isOnAws } from "./hostingFields";
import { PlannedFields } from "./PlannedFields";

const METRICS = Object.entries(words.metrics).map(([value, label]) => ({
  value: value as Scaling["metric"],
  label,
}));
const GRID = "grid grid-cols-1 gap-4 sm:grid-cols-2";

interface Props {
  fields: HostingFields;
  /** Of one that is there it is known what it has. */
  isNew?: boolean;
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

function Machine({ fields, isNew = false, onChange }: Props) {
  const onAws = isOnAws(fields);
  const isCounted = onAws && isNew;
  return (
    <div className={GRID}>
      {onAws && (
        <InstanceType
          value={fields.instanceType}
          onChange={(instanceType) => onChange({ instanceType })}
        />
      )}
      <Whole
        label={words.gpus}
        hint={isCounted ? words.gpusHintOnAws : words.gpusHint}
        required={!isCounted}
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

interface InstanceTypeProps {
  value: string;
  onChange: (instanceType: string) => void;
}

function InstanceType({ value, onChange }: InstanceTypeProps) {
  const list = useId();
  const { data: names = [] } = useInstanceTypes();
  return (
    <div>
      <TextField
        label={words.instanceType}
        hint={words.instanceTypeHint}
        pattern="[a-z0-9\-]{2,20}\.[a-z0-9\-]{2,20}"
        required
        list={list}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={onChange}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
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
      {[fields, ...fields.planned].some(varies) && (
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
      <PlannedFields
        planned={fields.planned}
        replicas={fields}
        onChange={(planned) => onChange({ planned })}
      />
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

const varies = ({ minimum, maximum }: Pick<HostingFields, "minimum" | "maximum">) =>
  Number(maximum) > Number(minimum);

const Whole = (props: ComponentProps<typeof TextField>) => (
  <TextField type="number" inputMode="numeric" step={1} required {...props} />
);
