/** What narrows a token: planes, models, limits. */
import { tokenText } from "../../lib/words/tokens";
import { CheckField, FieldGroup, TextField } from "../../ui/fields";
import type { Fields } from "./wanted";

const words = tokenText.form;

interface Props {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
}

export function ScopeFields({ fields, onChange }: Props) {
  return (
    <FieldGroup legend={words.where}>
      <CheckField
        label={words.control}
        checked={fields.control}
        onChange={(control) => onChange({ control })}
      />
      <CheckField
        label={words.inference}
        checked={fields.inference}
        onChange={(inference) => onChange({ inference })}
      />
      {fields.inference && (
        <TextField
          label={words.models}
          hint={words.modelsHint}
          value={fields.models}
          onChange={(models) => onChange({ models })}
        />
      )}
      <p className="text-xs text-muted-foreground">{words.whereHint}</p>
    </FieldGroup>
  );
}

export function LimitFields({ fields, onChange }: Props) {
  const numbers = { type: "number", inputMode: "decimal" } as const;
  return (
    <details className="rounded-lg border px-3 py-2 text-sm">
      <summary className="cursor-pointer font-medium">{words.limits}</summary>
      <div className="mt-3 flex flex-col gap-3">
        <TextField
          {...numbers}
          label={words.requests}
          min={1}
          step={1}
          value={fields.requests}
          onChange={(requests) => onChange({ requests })}
        />
        <TextField
          {...numbers}
          label={words.tokens}
          min={1}
          step={1}
          value={fields.tokens}
          onChange={(tokens) => onChange({ tokens })}
        />
        <TextField
          {...numbers}
          label={words.budget}
          min={0}
          step="any"
          value={fields.budget}
          onChange={(budget) => onChange({ budget })}
        />
        <p className="text-xs text-muted-foreground">{words.limitsHint}</p>
      </div>
    </details>
  );
}
