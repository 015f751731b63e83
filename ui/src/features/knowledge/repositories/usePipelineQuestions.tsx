/** Adds, changes and removes a pipeline: all of a repository's are sent together. */
import { type ReactNode, type RefObject, useState } from "react";
import {
  type Pipeline,
  type PipelineIn,
  type Repository,
  useChangeRepository,
} from "../../../api/repositories";
import { repositoryText } from "../../../lib/words/repositories";
import { Confirm } from "../../../ui/Confirm";
import { FormDialog } from "../../../ui/FormDialog";
import { CheckField, SelectField, TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import { useQuestions } from "../../../ui/useQuestions";

const words = repositoryText.pipelines;
const TRIGGERS = (["event", "schedule"] as const).map((value) => ({
  value,
  label: words.triggers[value],
}));

type What = "create" | "edit" | "remove";
export type AskPipeline = (
  what: What,
  pipeline: Pipeline | null,
  trigger: RefObject<HTMLElement | null>,
) => void;

export function usePipelineQuestions(repository: Repository): {
  ask: AskPipeline;
  questions: ReactNode;
} {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, Pipeline | null>();
  if (!asked) return { ask, questions: null };
  const pipeline = asked.thing;
  const given = { repository, returnFocus, onClose: close };
  const questions =
    asked.what === "remove" && pipeline ? (
      <Removing pipeline={pipeline} {...given} onGone={closeGone} />
    ) : (
      <PipelineForm pipeline={pipeline} {...given} />
    );
  return { ask, questions };
}

interface Given {
  repository: Repository;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

const NEW: PipelineIn = {
  id: "",
  source: "",
  trigger: "event",
  cron: "0 2 * * *",
  autoRemove: true,
};

/** What is sent of a pipeline; when it looks next and did last isn't. */
function sentOf(pipeline: PipelineIn): PipelineIn {
  const { id, source, collectionId, trigger, cron, autoRemove, chunking, tags, facts } = pipeline;
  return { id, source, collectionId, trigger, cron, autoRemove, chunking, tags, facts };
}

function PipelineForm({ repository, pipeline, ...given }: Given & { pipeline: Pipeline | null }) {
  const [fields, setFields] = useState<PipelineIn>(() => (pipeline ? sentOf(pipeline) : NEW));
  const save = useChangeRepository(repository);
  const { notify } = useNotices();
  const change = (some: Partial<PipelineIn>) => setFields({ ...fields, ...some });
  const submit = () => {
    const others = repository.pipelines.filter(({ id }) => id !== pipeline?.id).map(sentOf);
    save.mutate(
      { pipelines: [...others, { ...fields, collectionId: fields.collectionId || null }] },
      {
        onSuccess: () => {
          notify(words.saved(fields.id));
          given.onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      {...given}
      title={pipeline ? words.titleEdit(pipeline.id) : words.titleNew}
      submit={words.save}
      error={save.error}
      isPending={save.isPending}
      isReady={fields.id !== "" && fields.source !== ""}
      onSubmit={submit}
    >
      <TextField
        label={words.id}
        hint={words.idHint}
        required
        readOnly={pipeline !== null}
        pattern="[a-z0-9_\-]{1,64}"
        value={fields.id}
        onChange={(id) => change({ id })}
      />
      <TextField
        label={words.source}
        hint={words.sourceHint}
        required
        maxLength={1024}
        value={fields.source}
        onChange={(source) => change({ source })}
      />
      <TextField
        label={words.collection}
        placeholder={words.standard}
        value={fields.collectionId ?? ""}
        onChange={(collectionId) => change({ collectionId })}
      />
      <SelectField
        label={words.trigger}
        value={fields.trigger ?? "event"}
        options={TRIGGERS}
        onChange={(trigger) => change({ trigger })}
      />
      {fields.trigger === "schedule" && (
        <TextField
          label={words.cron}
          hint={words.cronHint}
          required
          maxLength={100}
          value={fields.cron ?? ""}
          onChange={(cron) => change({ cron })}
        />
      )}
      <CheckField
        label={words.autoRemove}
        checked={fields.autoRemove ?? true}
        onChange={(autoRemove) => change({ autoRemove })}
      />
    </FormDialog>
  );
}

interface RemovingProps extends Given {
  pipeline: Pipeline;
  onGone: () => void;
}

function Removing({ repository, pipeline, onClose, onGone, returnFocus }: RemovingProps) {
  const save = useChangeRepository(repository);
  const { notify } = useNotices();
  const confirm = () =>
    save.mutate(
      { pipelines: repository.pipelines.filter(({ id }) => id !== pipeline.id).map(sentOf) },
      {
        onSuccess: () => {
          notify(words.removed(pipeline.id));
          onGone();
        },
      },
    );
  return (
    <Confirm
      words={words.removing}
      body={words.removing.body(pipeline.id)}
      error={save.error}
      isPending={save.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
