/** Asks which project a session shall be in: dragging, for those who don't drag. */
import { useState } from "react";
import { type Project, useCreateProject, useProjects } from "../../api/projects";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { FormDialog } from "../../ui/FormDialog";
import { TextField } from "../../ui/fields";
import { Failed, Loading } from "../../ui/states";
import { type Target, useMove } from "./useMove";
import type { QuestionProps } from "./useSessionQuestions";

const words = historyText.moving;
const NONE = "none";
const FRESH = "fresh";

export default function MoveDialog({ session, onClose, returnFocus }: QuestionProps) {
  const projects = useProjects();
  const [chosen, setChosen] = useState(session.project_id ?? NONE);
  const [name, setName] = useState("");
  const create = useCreateProject();
  const move = useMove();
  const moveTo = (target: Target) => {
    move(session, target);
    onClose();
  };
  const save = () => {
    if (chosen === FRESH) return create.mutate(name.trim(), { onSuccess: moveTo });
    moveTo(projects.data?.find(({ id }) => id === chosen) ?? null);
  };
  return (
    <FormDialog
      title={words.title}
      description={words.body(sessionTitle(session))}
      submit={words.save}
      error={create.error}
      isPending={create.isPending}
      isReady={chosen !== FRESH || name.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {projects.isPending && <Loading what={historyText.projects.loading} />}
      {projects.error && <Failed title={historyText.projects.failed} error={projects.error} />}
      <Choices projects={projects.data ?? []} chosen={chosen} onChoose={setChosen} />
      {chosen === FRESH && (
        <TextField
          label={words.freshName}
          value={name}
          onChange={setName}
          maxLength={100}
          required
        />
      )}
    </FormDialog>
  );
}

interface ChoicesProps {
  projects: readonly Project[];
  chosen: string;
  onChoose: (id: string) => void;
}

function Choices({ projects, chosen, onChoose }: ChoicesProps) {
  const choices = [
    { id: NONE, name: words.none },
    ...projects.filter(({ deleting }) => !deleting),
    { id: FRESH, name: words.fresh },
  ];
  return (
    <fieldset className="flex max-h-72 flex-col gap-1 overflow-y-auto p-1">
      <legend className="sr-only">{words.title}</legend>
      {choices.map(({ id, name }) => (
        <label
          key={id}
          className="flex min-h-9 items-center gap-3 rounded-lg px-2 text-sm hover:bg-muted"
        >
          <input
            type="radio"
            name="project"
            className="size-4 shrink-0 accent-primary"
            checked={chosen === id}
            onChange={() => onChoose(id)}
          />
          <span className="min-w-0">{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
