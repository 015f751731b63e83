/** What is asked, where, and how it is looked for. */
import type { Collection } from "../../../api/collections";
import { useModels } from "../../../api/models";
import { searchText as words } from "../../../lib/words/knowledgeSearch";
import { AreaField, CheckField, FieldGroup, SelectField, TextField } from "../../../ui/fields";
import type { Fields } from "./question";

const MODES = (["hybrid", "dense", "lexical"] as const).map((value) => ({
  value,
  label: words.modes[value],
}));

interface Props {
  collections: Collection[];
  fields: Fields;
  onChange: (fields: Fields) => void;
}

export function QuestionFields({ collections, fields, onChange }: Props) {
  const change = (some: Partial<Fields>) => onChange({ ...fields, ...some });
  const without = (id: string) => fields.collections.filter((one) => one !== id);
  return (
    <>
      <AreaField
        label={words.question}
        required
        maxLength={8000}
        value={fields.text}
        onChange={(text) => change({ text })}
      />
      <FieldGroup legend={words.collections}>
        <div className="grid max-h-60 grid-cols-1 gap-2 overflow-y-auto sm:grid-cols-2">
          {collections.map(({ vectorStoreId, name }) => (
            <CheckField
              key={vectorStoreId}
              label={name}
              hint={vectorStoreId}
              checked={fields.collections.includes(vectorStoreId)}
              onChange={(isOn) =>
                change({
                  collections: isOn
                    ? [...without(vectorStoreId), vectorStoreId]
                    : without(vectorStoreId),
                })
              }
            />
          ))}
        </div>
      </FieldGroup>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        <SelectField
          label={words.mode}
          value={fields.mode}
          options={MODES}
          onChange={(mode) => change({ mode })}
        />
        <SelectField
          label={words.rerank}
          value={fields.rerank}
          options={[{ value: "", label: words.noRerank }, ...useRerankers()]}
          onChange={(rerank) => change({ rerank })}
        />
        <TextField
          label={words.limit}
          type="number"
          min={1}
          max={50}
          value={fields.limit}
          onChange={(limit) => change({ limit })}
        />
      </div>
      <AreaField
        label={words.filters}
        hint={words.filtersHint}
        spellCheck={false}
        value={fields.filters}
        onChange={(filters) => change({ filters })}
      />
    </>
  );
}

function useRerankers() {
  const { data } = useModels();
  return (data ?? [])
    .filter(({ modelType }) => modelType === "rerank")
    .map(({ modelId }) => ({ value: modelId, label: modelId }));
}
