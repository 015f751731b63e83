/** The fields of a repository that can be changed later, and its embedding model. */
import { useModels } from "../../../api/models";
import { repositoryText } from "../../../lib/words/repositories";
import { CheckField, SelectField, TextField } from "../../../ui/fields";
import { ChunkingInputs } from "../ChunkingInputs";
import type { Fields } from "./fields";

const words = repositoryText.form;

export interface PartProps {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
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
