/** Begins a run of a golden set: which collections are asked, by which methods. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type GoldenSet, type Method, useBeginRun } from "../../../api/evaluations";
import { Problem } from "../../../lib/problem";
import { evaluationText } from "../../../lib/words/evaluations";
import { FormDialog } from "../../../ui/FormDialog";
import { CheckField, FieldGroup, SelectField, TextField } from "../../../ui/fields";
import { CollectionPicker } from "../CollectionPicker";
import { useRerankers } from "../useRerankers";
import { METHODS, type RunFields, runOf, USUAL } from "./runFields";

const words = evaluationText.start;

interface Props {
  set: GoldenSet;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function StartRun({ set, onClose, returnFocus }: Props) {
  const [fields, setFields] = useState(USUAL);
  const [problem, setProblem] = useState<Problem | null>(null);
  const begin = useBeginRun();
  const navigate = useNavigate();
  const change = (some: Partial<RunFields>) => setFields({ ...fields, ...some });
  const submit = () => {
    const wanted = runOf(set.setId, fields);
    setProblem(wanted instanceof Problem ? wanted : null);
    if (wanted instanceof Problem) return;
    begin.mutate(wanted, {
      onSuccess: ({ runId }) =>
        void navigate({ to: "/knowledge/evaluations/$runId", params: { runId } }),
    });
  };
  return (
    <FormDialog
      title={words.title(set.name)}
      description={words.intro}
      submit={words.begin}
      error={problem ?? begin.error}
      isPending={begin.isPending}
      onSubmit={submit}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <CollectionPicker
        chosen={fields.collections}
        onChange={(collections) => change({ collections })}
      />
      <Methods fields={fields} onChange={change} />
      <TextField
        label={words.name}
        hint={words.nameHint}
        maxLength={100}
        value={fields.name}
        onChange={(name) => change({ name })}
      />
    </FormDialog>
  );
}

interface PartProps {
  fields: RunFields;
  onChange: (some: Partial<RunFields>) => void;
}

function Methods({ fields, onChange }: PartProps) {
  const { methods, rerank, candidates } = fields;
  const rerankers = useRerankers();
  const toggle = (method: Method, isOn: boolean) =>
    onChange({ methods: METHODS.filter((one) => (one === method ? isOn : methods.includes(one))) });
  return (
    <FieldGroup legend={words.methods}>
      {METHODS.map((method) => (
        <CheckField
          key={method}
          label={evaluationText.methods[method]}
          hint={method === "rerank" && rerankers.length === 0 ? words.noRerankers : undefined}
          checked={methods.includes(method)}
          onChange={(isOn) => toggle(method, isOn)}
        />
      ))}
      {methods.includes("rerank") && (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <SelectField
            label={words.rerank}
            value={rerank}
            options={[{ value: "", label: words.choose }, ...rerankers]}
            onChange={(chosen) => onChange({ rerank: chosen })}
          />
          <TextField
            label={words.candidates}
            type="number"
            min={1}
            max={200}
            required
            value={candidates}
            onChange={(typed) => onChange({ candidates: typed })}
          />
        </div>
      )}
    </FieldGroup>
  );
}
