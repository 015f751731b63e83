/** Asks how a project shall be called, or what becomes of its sessions when it goes. */
import { useState } from "react";
import {
  type Project,
  useCreateProject,
  useDeleteProject,
  useRenameProject,
} from "../../api/projects";
import { historyText } from "../../lib/words/history";
import { FormDialog } from "../../ui/FormDialog";
import { FieldGroup, TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";

const words = historyText.projects;
const LONGEST_NAME = 100; // as the server has it

interface Props {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function CreateProject(props: Props) {
  const create = useCreateProject();
  return <Naming {...props} naming={create} words={words.creating} done={words.created} />;
}

export function RenameProject({ project, ...props }: Props & { project: Project }) {
  const rename = useRenameProject(project.id);
  return (
    <Naming
      {...props}
      initial={project.name}
      naming={rename}
      words={words.renaming}
      done={words.renamed}
    />
  );
}

interface NamingProps extends Props {
  initial?: string;
  naming: ReturnType<typeof useCreateProject>;
  words: { title: string; save: string };
  done: (name: string) => string;
}

function Naming({ initial = "", naming, words: said, done, onClose, returnFocus }: NamingProps) {
  const [name, setName] = useState(initial);
  const { notify } = useNotices();
  const save = () =>
    naming.mutate(name.trim(), {
      onSuccess: (named) => {
        notify(done(named.name));
        onClose();
      },
    });
  return (
    <FormDialog
      title={said.title}
      submit={said.save}
      error={naming.error}
      isPending={naming.isPending}
      isReady={name.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField
        label={words.name}
        value={name}
        onChange={setName}
        maxLength={LONGEST_NAME}
        required
      />
    </FormDialog>
  );
}

const FATES = ["keep", "delete"] as const;

export function DeleteProject(props: Props & { project: Project; onGone: () => void }) {
  const { project, onGone, onClose, returnFocus } = props;
  const [fate, setFate] = useState<(typeof FATES)[number]>("keep");
  const remove = useDeleteProject(project.id);
  const { notify } = useNotices();
  const asked = words.deleting;
  const confirm = () =>
    remove.mutate(fate, {
      onSuccess: () => {
        notify(words.deleted(project.name));
        onGone();
      },
    });
  return (
    <FormDialog
      title={asked.title}
      description={asked.body(project.name)}
      submit={asked.confirm}
      error={remove.error}
      isPending={remove.isPending}
      onSubmit={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <FieldGroup legend={asked.sessions}>
        {FATES.map((one) => (
          <label key={one} className="flex min-h-8 items-center gap-3 text-sm">
            <input
              type="radio"
              name="fate"
              className="size-4 shrink-0 accent-primary"
              checked={fate === one}
              onChange={() => setFate(one)}
            />
            {one === "keep" ? asked.keep : asked.drop}
          </label>
        ))}
      </FieldGroup>
    </FormDialog>
  );
}
