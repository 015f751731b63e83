/** Arguments for the model, kept with the session. */
import { useState } from "react";
import { EFFORTS, type Effort, type ModelArgs } from "../../../chat/turnBody";
import { chatText } from "../../../lib/words/chat";
import { Button } from "../../../ui/Button";
import { FormDialog } from "../../../ui/FormDialog";
import { AreaField, SelectField, TextField } from "../../../ui/fields";
import { type ArgumentFields, fieldsOf, NUMBERS, readFields } from "./argumentFields";

const words = chatText.arguments;

interface Props {
  given: ModelArgs;
  onSave: (modelArgs: ModelArgs) => void;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function ArgumentsDialog({ given, onSave, onClose, returnFocus }: Props) {
  const [fields, setFields] = useState<ArgumentFields>(() => fieldsOf(given));
  const set = (some: Partial<ArgumentFields>) => setFields({ ...fields, ...some });
  const save = () => {
    onSave(readFields(fields));
    onClose();
  };
  return (
    <FormDialog
      title={words.title}
      description={words.intro}
      submit={words.save}
      error={null}
      isPending={false}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {NUMBERS.map(({ name, min, max, step }) => (
          <TextField
            key={name}
            label={words[name]}
            hint={max === undefined ? undefined : words.from(min, max)}
            type="number"
            min={min}
            max={max}
            step={step}
            value={fields[name]}
            onChange={(value) => set({ [name]: value })}
          />
        ))}
      </div>
      <SelectField<Effort | "">
        label={words.reasoning_effort}
        value={fields.reasoning_effort}
        options={[
          { value: "", label: words.asItLikes },
          ...EFFORTS.map((effort) => ({ value: effort, label: words.efforts[effort] })),
        ]}
        onChange={(reasoning_effort) => set({ reasoning_effort })}
      />
      <AreaField
        label={words.stop}
        hint={words.stopHint}
        value={fields.stop}
        onChange={(stop) => set({ stop })}
      />
      <Button look="quiet" className="self-start" onClick={() => setFields(fieldsOf({}))}>
        {words.reset}
      </Button>
    </FormDialog>
  );
}
