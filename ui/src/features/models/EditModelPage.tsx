/** Changes a model, or says who was faster. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { type Model, useChangeModel, useModel } from "../../api/models";
import { isHosted } from "../../lib/modelStatus";
import { Problem } from "../../lib/problem";
import { modelText } from "../../lib/words/models";
import { Button, buttonClass } from "../../ui/Button";
import { Changes } from "../../ui/Changes";
import { useNotices } from "../../ui/Notices";
import { PageHeader } from "../../ui/PageHeader";
import { PageTitle } from "../../ui/PageTitle";
import { Empty, Failed, FieldProblem, Loading } from "../../ui/states";
import { useLeaving } from "../../ui/useLeaving";
import { changesOf, fieldsOf } from "./fields";
import { useHostingEdit } from "./hosting/useHostingEdit";
import { ModelForm } from "./ModelForm";

const words = modelText.form;

export function EditModelPage() {
  const { id } = useSearch({ from: "/admin/models/edit" });
  return <Read key={id} id={id} />;
}

function Read({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useModel(id);
  if (error instanceof Problem && error.status === 404)
    return <Instead title={modelText.goneTitle} body={modelText.goneBody} />;
  if (!data)
    return (
      <>
        <PageHeader title={words.titleEdit(id)} />
        {isPending ? (
          <Loading what={modelText.loadingOne} />
        ) : (
          <Failed title={modelText.missing} error={error} onRetry={() => void refetch()} />
        )}
      </>
    );
  if (data.builtIn) return <Instead title={data.modelId} body={modelText.builtInBody} />;
  return <Editing newest={data} />;
}

/** Why there is nothing to edit. */
function Instead({ title, body }: { title: string; body: string }) {
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <Empty as="h1" title={title} body={body}>
        <Link to="/admin/models" className={buttonClass("primary")}>
          {modelText.all}
        </Link>
      </Empty>
    </>
  );
}

function Editing({ newest }: { newest: Model }) {
  const [base, setBase] = useState(newest);
  const [fields, setFields] = useState(() => fieldsOf(newest));
  const save = useChangeModel(base.modelId);
  const showSaved = useShowSaved();
  const { notify } = useNotices();
  const hosting = useHostingEdit(base);
  const change = { ...changesOf(base, fields), ...hosting.change };
  const isChanged = Object.keys(change).length > 0;
  const question = useLeaving(isChanged || hosting.problem !== null);
  const isForestalled = newest.version > base.version && !save.isSuccess;

  const submit = (version: number) =>
    save.mutate(
      { change, version },
      {
        onSuccess: ({ model }) => {
          notify(modelText.saved(model.modelId));
          showSaved(model);
        },
      },
    );
  const discard = () => {
    save.reset();
    setBase(newest);
    setFields(fieldsOf(newest));
    hosting.discard(newest);
  };

  return (
    <>
      <PageHeader title={words.titleEdit(base.modelId)} />
      <ModelForm
        fields={fields}
        onChange={setFields}
        submit={words.save}
        isPending={save.isPending || isForestalled}
        isReady={isChanged && !hosting.problem}
        runs={hosting.section}
        onSubmit={() => submit(base.version)}
      >
        {isForestalled && (
          <Forestalled
            base={base}
            newest={newest}
            onKeep={() => submit(newest.version)}
            onDiscard={discard}
          />
        )}
        {hosting.problem && <FieldProblem error={hosting.problem} />}
        {save.error && !(isForestalled && isConflict(save.error)) && (
          <FieldProblem error={save.error} />
        )}
      </ModelForm>
      {question}
    </>
  );
}

const isConflict = (error: unknown) => error instanceof Problem && error.status === 409;

function useShowSaved() {
  const navigate = useNavigate();
  return (model: Model) => {
    const params = { id: model.modelId };
    if (isHosted(model)) void navigate({ to: "/admin/models/$id", params, ignoreBlocker: true });
    else void navigate({ to: "/admin/models", ignoreBlocker: true });
  };
}

interface ForestalledProps {
  base: Model;
  newest: Model;
  onKeep: () => void;
  onDiscard: () => void;
}

function Forestalled({ base, newest, onKeep, onDiscard }: ForestalledProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const conflict = modelText.conflict;
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="rounded-xl border border-destructive/50 bg-card p-4 text-sm"
    >
      <p className="font-semibold">{conflict.title}</p>
      <p className="mt-1">{conflict.body}</p>
      <h3 className="mt-2 mb-1 text-xs font-medium">{conflict.theirs}</h3>
      <Changes before={told(base)} after={told(newest)} />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={onKeep}>{conflict.keep}</Button>
        <Button look="quiet" onClick={onDiscard}>
          {conflict.discard}
        </Button>
      </div>
    </div>
  );
}

/** What people change, without what merely counts that they did, or follows by itself. */
function told(model: Model): Partial<Model> {
  const known: Partial<Model> = { ...model };
  for (const name of ["version", "changed", "run", "reason", "nextStep"] as const)
    delete known[name];
  return known;
}
