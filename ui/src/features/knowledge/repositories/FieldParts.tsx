/** The fields of a repository, step by step. */
import { useModels } from "../../../api/models";
import { repositoryText } from "../../../lib/words/repositories";
import { CheckField, SelectField, TextField } from "../../../ui/fields";
import { ChunkingInputs } from "../ChunkingInputs";
import { type Fields, KINDS } from "./fields";

const words = repositoryText.form;
const KIND_OPTIONS = KINDS.map((value) => ({ value, label: repositoryText.kinds[value] }));
const WHERES = (["own", "there"] as const).map((value) => ({ value, label: words.wheres[value] }));

export interface PartProps {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

export function StoreFields({ fields, onChange }: PartProps) {
  return (
    <>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField
          label={words.id}
          hint={words.idHint}
          required
          pattern="[a-z0-9][a-z0-9\-]{1,18}[a-z0-9]"
          value={fields.id}
          onChange={(id) => onChange({ id })}
        />
        <NameField fields={fields} onChange={onChange} />
        <SelectField
          label={words.kind}
          value={fields.kind}
          options={KIND_OPTIONS}
          onChange={(kind) => onChange({ kind })}
        />
        <SelectField
          label={words.where}
          value={fields.where}
          options={WHERES}
          onChange={(where) => onChange({ where })}
        />
      </div>
      {fields.where === "there" && (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <TextField
            label={words.address}
            hint={words.addressHints[fields.kind]}
            required
            maxLength={512}
            value={fields.address}
            onChange={(address) => onChange({ address })}
          />
          <TextField
            label={words.credentials}
            hint={words.credentialsHint}
            maxLength={512}
            value={fields.credentials}
            onChange={(credentials) => onChange({ credentials })}
          />
        </div>
      )}
    </>
  );
}

export function NameField({ fields, onChange }: PartProps) {
  return (
    <TextField
      label={words.name}
      hint={words.nameHint}
      required
      maxLength={100}
      value={fields.name}
      onChange={(name) => onChange({ name })}
    />
  );
}

export function EmbedderFields({ fields, onChange }: PartProps) {
  const { data, isPending } = useModels();
  const models = (data ?? []).filter(({ modelType }) => modelType === "embedding");
  if (!isPending && models.length === 0)
    return <p className="text-sm text-muted-foreground">{words.noModel}</p>;
  return (
    <SelectField
      label={words.model}
      hint={words.modelHint}
      value={fields.model}
      options={[
        { value: "", label: words.modelLater },
        ...models.map(({ modelId }) => ({ value: modelId, label: modelId })),
      ]}
      onChange={(model) => onChange({ model })}
    />
  );
}

export function ChunkingPart({ fields, onChange }: PartProps) {
  return (
    <>
      <ChunkingInputs fields={fields.chunking} onChange={(chunking) => onChange({ chunking })} />
      <CheckField
        label={words.override}
        checked={fields.mayOverride}
        onChange={(mayOverride) => onChange({ mayOverride })}
      />
    </>
  );
}

export function AccessFields({ fields, onChange }: PartProps) {
  return (
    <>
      <TextField
        label={words.description}
        maxLength={1000}
        value={fields.description}
        onChange={(description) => onChange({ description })}
      />
      <TextField
        label={words.groups}
        hint={words.groupsHint}
        value={fields.groups}
        onChange={(groups) => onChange({ groups })}
      />
      <TextField
        label={words.tags}
        hint={words.tagsHint}
        value={fields.tags}
        onChange={(tags) => onChange({ tags })}
      />
    </>
  );
}
