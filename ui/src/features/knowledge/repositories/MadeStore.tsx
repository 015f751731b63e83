/** What a store that LISA makes shall be like: its kind and size, as the server offers them. */
import type { OfferedKind, OptionValue, StoreOption } from "../../../api/storeKinds";
import { repositoryText } from "../../../lib/words/repositories";
import { SelectField, TextField } from "../../../ui/fields";
import type { Fields } from "./fields";
import { choicesOf, toldValue } from "./storeOptions";

const words = repositoryText.form;

interface Props {
  offered: OfferedKind;
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

export function MadeStore({ offered, fields, onChange }: Props) {
  // A store in nobody's account, such as a database beside LISA's own, has nothing to choose.
  if (Object.keys(offered.options).length === 0) return null;
  return (
    <>
      <p className="text-sm text-muted-foreground">{words.madeHint}</p>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {Object.entries(offered.options).map(([name, option]) => (
          <OptionField
            key={name}
            option={option}
            value={fields.options[name] ?? option.default}
            onChange={(value) => onChange({ options: { ...fields.options, [name]: value } })}
          />
        ))}
      </div>
    </>
  );
}

interface OptionProps {
  option: StoreOption;
  value: OptionValue;
  onChange: (value: OptionValue) => void;
}

function OptionField({ option, value, onChange }: OptionProps) {
  const choices = choicesOf(option);
  if (choices)
    return (
      <SelectField
        label={option.label}
        value={String(value)}
        options={choices.map((each) => ({ value: String(each), label: toldValue(each) }))}
        onChange={(chosen) => onChange(choices.find((each) => String(each) === chosen) ?? chosen)}
      />
    );
  const isNumber = typeof option.default === "number";
  return (
    <TextField
      label={option.label}
      hint={words.bounds(option.min, option.max)}
      type={isNumber ? "number" : "text"}
      min={option.min ?? undefined}
      max={option.max ?? undefined}
      required
      value={String(value)}
      onChange={(typed) => onChange(isNumber && typed !== "" ? Number(typed) : typed)}
    />
  );
}
