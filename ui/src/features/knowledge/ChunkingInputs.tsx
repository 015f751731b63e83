/** How documents are cut into passages, with what each way is good for. */
import { knowledgeText } from "../../lib/words/knowledge";
import { SelectField, TextField } from "../../ui/fields";
import { type ChunkingFields, STRATEGIES } from "./chunking";

const words = knowledgeText.chunking;
const OPTIONS = STRATEGIES.map((value) => ({ value, label: words.strategies[value] }));

interface Props {
  fields: ChunkingFields;
  onChange: (fields: ChunkingFields) => void;
}

export function ChunkingInputs({ fields, onChange }: Props) {
  const change = (some: Partial<ChunkingFields>) => onChange({ ...fields, ...some });
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={words.strategy}
        hint={words.hints[fields.strategy]}
        value={fields.strategy}
        options={OPTIONS}
        onChange={(strategy) => change({ strategy })}
      />
      {fields.strategy !== "none" && (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <TextField
            label={words.size}
            hint={words.sizeHint}
            type="number"
            min={16}
            max={10_000}
            required
            value={fields.size}
            onChange={(size) => change({ size })}
          />
          <TextField
            label={words.overlap}
            hint={words.overlapHint}
            type="number"
            min={0}
            max={5_000}
            required
            value={fields.overlap}
            onChange={(overlap) => change({ overlap })}
          />
        </div>
      )}
    </div>
  );
}
