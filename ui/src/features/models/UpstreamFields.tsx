/** One upstream: where it is, what the model is called there, its key, how much it gets. */
import { modelText } from "../../lib/words/models";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/fields";
import type { UpstreamFields as Fields, KeyKind } from "./fields";

const words = modelText.form;
const KINDS = [
  { value: "openai", label: words.byUrl },
  { value: "litellm", label: words.byProvider },
] as const;
const KEYS: { value: KeyKind; label: string }[] = [
  { value: "none", label: words.keys.none },
  { value: "typed", label: words.keys.typed },
  { value: "reference", label: words.keys.reference },
];

interface Props {
  fields: Fields;
  number: number;
  /** One alone has no name to choose, no weight, and can't be removed. */
  isAlone: boolean;
  onChange: (some: Partial<Fields>) => void;
  onRemove: () => void;
}

export function UpstreamFields({ fields, number, isAlone, onChange, onRemove }: Props) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 rounded-xl border bg-card p-4">
      <legend className="px-1 text-sm font-medium">{words.upstream(number)}</legend>
      <Place fields={fields} onChange={onChange} />
      <Key fields={fields} onChange={onChange} />
      {!isAlone && <Share fields={fields} onChange={onChange} />}
      {!isAlone && (
        <Button className="self-start" onClick={onRemove}>
          {words.removeUpstream(number)}
        </Button>
      )}
    </fieldset>
  );
}

type PartProps = Pick<Props, "fields" | "onChange">;

function Place({ fields, onChange }: PartProps) {
  const isProvider = fields.kind === "litellm";
  const target = (
    <TextField
      label={isProvider ? words.provider : words.target}
      hint={isProvider ? words.providerHint : words.targetHint}
      value={fields.target}
      onChange={(target) => onChange({ target })}
      required={isProvider}
      maxLength={512}
    />
  );
  return (
    <>
      <SelectField
        label={words.kind}
        value={fields.kind}
        options={KINDS}
        onChange={(kind) => onChange({ kind })}
      />
      {isProvider && target}
      <TextField
        label={isProvider ? words.urlOptional : words.url}
        hint={isProvider ? undefined : words.urlHint}
        type="url"
        value={fields.url}
        onChange={(url) => onChange({ url })}
        required={!isProvider}
        maxLength={2048}
      />
      {!isProvider && target}
    </>
  );
}

function Key({ fields, onChange }: PartProps) {
  return (
    <>
      <SelectField
        label={words.key}
        value={fields.keyKind}
        options={KEYS}
        onChange={(keyKind) => onChange({ keyKind })}
      />
      {fields.keyKind === "typed" && (
        <TextField
          label={words.apiKey}
          hint={words.apiKeyHint}
          type="password"
          autoComplete="off"
          value={fields.apiKey}
          onChange={(apiKey) => onChange({ apiKey })}
          required
          maxLength={8192}
        />
      )}
      {fields.keyKind === "reference" && (
        <TextField
          label={words.reference}
          hint={words.referenceHint}
          value={fields.reference}
          onChange={(reference) => onChange({ reference })}
          required
          maxLength={530}
        />
      )}
    </>
  );
}

function Share({ fields, onChange }: PartProps) {
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
      <TextField
        label={words.upstreamId}
        value={fields.id}
        onChange={(id) => onChange({ id })}
        pattern="[a-z0-9][a-z0-9\-]{0,31}"
        required
      />
      <TextField
        label={words.weight}
        hint={words.weightHint}
        type="number"
        min={0}
        max={1000}
        value={fields.weight}
        onChange={(weight) => onChange({ weight })}
      />
      <TextField
        label={words.concurrent}
        type="number"
        min={1}
        max={10_000}
        value={fields.concurrent}
        onChange={(concurrent) => onChange({ concurrent })}
      />
    </div>
  );
}
