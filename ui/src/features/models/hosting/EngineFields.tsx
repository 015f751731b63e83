/** Which engine serves a model, how it is set, and what its surroundings are. */
import type { Engine } from "../../../api/hostedTypes";
import { hostingText as words } from "../../../lib/words/hosting";
import { modelText } from "../../../lib/words/models";
import { AreaField, SelectField, TextField } from "../../../ui/fields";
import { type HostingFields, isOnAws } from "./hostingFields";
import { OptionFields } from "./OptionFields";

interface Props {
  fields: HostingFields;
  engines: Engine[];
  onChange: (some: Partial<HostingFields>) => void;
}

export function EngineFields({ fields, engines, onChange }: Props) {
  const engine = engines.find(({ name }) => name === fields.engine);
  return (
    <>
      <SelectField
        label={words.engine}
        hint={engine?.capabilities.map((type) => modelText.types[type] ?? type).join(", ")}
        value={fields.engine}
        options={engines.map(({ name, title }) => ({ value: name, label: title }))}
        onChange={(name) => onChange({ engine: name, options: {} })}
      />
      {engine && (
        <OptionFields
          key={engine.name}
          engine={engine}
          typed={fields.options}
          onChange={(options) => onChange({ options })}
        />
      )}
      <AreaField
        label={words.environment}
        hint={words.environmentHint}
        spellCheck={false}
        value={fields.environment}
        onChange={(environment) => onChange({ environment })}
      />
      {isOnAws(fields) && (
        <TextField
          label={words.image}
          hint={words.imageHint}
          maxLength={512}
          value={fields.image}
          onChange={(image) => onChange({ image })}
        />
      )}
    </>
  );
}
