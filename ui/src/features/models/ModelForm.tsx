/** The fields of a model, a try whether it answers, and the button that saves. */
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useRef } from "react";
import { type ModelType, useTestModel } from "../../api/models";
import { text } from "../../lib/strings";
import { modelText } from "../../lib/words/models";
import { Button, buttonClass } from "../../ui/Button";
import { CheckField, SelectField, TextField } from "../../ui/fields";
import { type Fields, newUpstream, type UpstreamFields as Upstream, wanted } from "./fields";
import { LimitFields, MoreFields, PriceFields } from "./NumberFields";
import { TestResults } from "./TestResults";
import { UpstreamFields } from "./UpstreamFields";

const words = modelText.form;
const TYPES = Object.entries(modelText.types).map(([value, label]) => ({
  value: value as ModelType,
  label,
}));

interface Props {
  fields: Fields;
  onChange: (fields: Fields) => void;
  isNew?: boolean;
  submit: string;
  isPending: boolean;
  isReady?: boolean;
  /** What stands where upstreams do, for a model that gets its upstreams from its host. */
  runs?: ReactNode;
  onSubmit: () => void;
  /** What went wrong, and what to do about it. */
  children: ReactNode;
}

export function ModelForm(props: Props) {
  const { fields, isNew = false, isReady = true, isPending, runs, onSubmit, children } = props;
  const change = (some: Partial<Fields>) => props.onChange({ ...fields, ...some });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-5">
      <What fields={fields} isNew={isNew} onChange={change} />
      {runs ?? (
        <Upstreams upstreams={fields.upstreams} onChange={(upstreams) => change({ upstreams })} />
      )}
      <PriceFields fields={fields} onChange={change} />
      <LimitFields fields={fields} onChange={change} />
      <MoreFields fields={fields} onChange={change} />
      {!runs && <Connection fields={fields} />}
      {children}
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        <Link to="/admin/models" className={buttonClass()}>
          {text.cancel}
        </Link>
        <Button type="submit" look="primary" disabled={!isReady}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}

interface WhatProps {
  fields: Fields;
  isNew: boolean;
  onChange: (some: Partial<Fields>) => void;
}

function What({ fields, isNew, onChange }: WhatProps) {
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      {isNew && (
        <TextField
          label={words.id}
          hint={words.idHint}
          value={fields.id}
          onChange={(id) => onChange({ id })}
          pattern="[A-Za-z0-9][A-Za-z0-9._:\/@\-]{0,127}"
          required
        />
      )}
      <SelectField
        label={words.type}
        value={fields.type}
        options={TYPES}
        onChange={(type) => onChange({ type })}
      />
      <TextField
        label={words.description}
        value={fields.description}
        onChange={(description) => onChange({ description })}
        maxLength={2000}
      />
      <TextField
        label={words.groups}
        hint={words.groupsHint}
        value={fields.groups}
        onChange={(groups) => onChange({ groups })}
      />
      {fields.type === "textgen" && (
        <CheckField
          label={words.streaming}
          checked={fields.streaming}
          onChange={(streaming) => onChange({ streaming })}
        />
      )}
    </div>
  );
}

interface UpstreamsProps {
  upstreams: Upstream[];
  onChange: (upstreams: Upstream[]) => void;
}

function Upstreams({ upstreams, onChange }: UpstreamsProps) {
  const add = useRef<HTMLButtonElement>(null);
  const change = (row: number, some: Partial<Upstream>) =>
    onChange(upstreams.map((one) => (one.row === row ? { ...one, ...some } : one)));
  const remove = (row: number) => {
    onChange(upstreams.filter((one) => one.row !== row));
    add.current?.focus();
  };
  return (
    <section aria-label={words.upstreams} className="flex flex-col gap-4">
      <h2 className="font-semibold">{words.upstreams}</h2>
      {upstreams.map((one, at) => (
        <UpstreamFields
          key={one.row}
          fields={one}
          number={at + 1}
          isAlone={upstreams.length === 1}
          onChange={(some) => change(one.row, some)}
          onRemove={() => remove(one.row)}
        />
      ))}
      <Button
        ref={add}
        className="self-start"
        onClick={() => onChange([...upstreams, newUpstream(upstreams)])}
      >
        {words.addUpstream}
      </Button>
    </section>
  );
}

function Connection({ fields }: { fields: Fields }) {
  const test = useTestModel();
  // A model can be tried before it has a name; the API wants one.
  const tried = { ...fields, id: fields.id.trim() || "test-of-a-connection" };
  return (
    <div className="flex flex-col gap-2">
      <Button className="self-start" onClick={() => test.isPending || test.mutate(wanted(tried))}>
        {words.test}
      </Button>
      <TestResults test={test} />
    </div>
  );
}
