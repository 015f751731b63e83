/** What is asked, where, and how it is looked for. */
import { searchText as words } from "../../../lib/words/knowledgeSearch";
import { AreaField, SelectField, TextField } from "../../../ui/fields";
import { CollectionPicker } from "../CollectionPicker";
import { useRerankers } from "../useRerankers";
import type { Fields } from "./question";

const MODES = (["hybrid", "dense", "lexical"] as const).map((value) => ({
  value,
  label: words.modes[value],
}));

interface Props {
  fields: Fields;
  onChange: (fields: Fields) => void;
}

export function QuestionFields({ fields, onChange }: Props) {
  const change = (some: Partial<Fields>) => onChange({ ...fields, ...some });
  return (
    <>
      <AreaField
        label={words.question}
        required
        maxLength={8000}
        value={fields.text}
        onChange={(text) => change({ text })}
      />
      <CollectionPicker
        chosen={fields.collections}
        onChange={(collections) => change({ collections })}
      />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
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
