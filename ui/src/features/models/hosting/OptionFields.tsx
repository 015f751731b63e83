/** An engine's options as a form, each with what it does. */
import { useState } from "react";
import type { Engine } from "../../../api/hostedTypes";
import { hostingText as words } from "../../../lib/words/hosting";
import { AreaField, SelectField, TextField } from "../../../ui/fields";
import { type OptionField, optionFields } from "./options";

const MANY = 8;

interface Props {
  engine: Engine;
  typed: Record<string, string>;
  onChange: (typed: Record<string, string>) => void;
}

export function OptionFields({ engine, typed, onChange }: Props) {
  const [wanted, setWanted] = useState("");
  const fields = optionFields(engine);
  const sought = wanted.trim().toLowerCase();
  const shown = fields.filter(({ name, hint }) => `${name} ${hint}`.toLowerCase().includes(sought));
  if (fields.length === 0)
    return <p className="text-sm text-muted-foreground">{words.noOptions}</p>;
  return (
    <section
      aria-label={words.options}
      className="flex flex-col gap-4 rounded-xl border bg-card p-4"
    >
      <div>
        <h3 className="font-medium">{words.options}</h3>
        <p className="text-xs text-muted-foreground">{words.optionsHint}</p>
      </div>
      {fields.length > MANY && (
        <TextField label={words.findOption} type="search" value={wanted} onChange={setWanted} />
      )}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {shown.map((field) => (
          <Option
            key={field.name}
            field={field}
            value={typed[field.name] ?? ""}
            onChange={(value) => onChange({ ...typed, [field.name]: value })}
          />
        ))}
      </div>
      {shown.length === 0 && <p className="text-sm">{words.noSuchOption}</p>}
      <Refused engine={engine} />
    </section>
  );
}

interface OptionProps {
  field: OptionField;
  value: string;
  onChange: (value: string) => void;
}

function Option({ field, value, onChange }: OptionProps) {
  const known = { label: field.name, hint: field.hint, value, onChange };
  if (field.input === "choice" || field.input === "yes or no")
    return <SelectField {...known} options={choicesOf(field)} />;
  if (field.input === "json" || field.input === "long")
    return <AreaField {...known} spellCheck={false} />;
  if (field.input === "number")
    return (
      <TextField
        {...known}
        type="number"
        min={field.min}
        max={field.max}
        step={field.isWhole ? 1 : "any"}
      />
    );
  return <TextField {...known} />;
}

function choicesOf({ input, choices }: OptionField) {
  const usual = { value: "", label: words.asUsual };
  if (input === "choice") return [usual, ...choices.map((value) => ({ value, label: value }))];
  return [usual, { value: "true", label: words.yes }, { value: "false", label: words.no }];
}

function Refused({ engine }: { engine: Engine }) {
  if (engine.refused.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer">{words.refused}</summary>
      <dl className="mt-2 flex flex-col gap-1 text-xs">
        {engine.refused.map(({ name, reason }) => (
          <div key={name} className="flex flex-wrap gap-x-2">
            <dt className="font-mono">{name}</dt>
            <dd className="text-muted-foreground">{reason}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
