/** Asks for a prompt's words, and who may use it. */
import { useState } from "react";
import { useMe } from "../../api/identity";
import { type NewPrompt, type Prompt, useCreatePrompt, useRevisePrompt } from "../../api/prompts";
import { listed } from "../../lib/listed";
import { promptText } from "../../lib/words/prompts";
import { FormDialog } from "../../ui/FormDialog";
import { AreaField, SelectField, TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import { groupsOf, namedGroups, SHARINGS, type Sharing, sharingOf } from "./sharing";

const words = promptText.form;
const TYPES = (["persona", "directive"] as const).map((value) => ({
  value,
  label: words.types[value],
}));
const OPTIONS = SHARINGS.map((value) => ({ value, label: words.sharings[value] }));
const LONGEST = { title: 200, body: 50_000 }; // as the server has it

interface Props {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function CreatePrompt(props: Props) {
  const create = useCreatePrompt();
  const { notify } = useNotices();
  return (
    <PromptForm
      {...props}
      title={words.titleNew}
      submit={words.create}
      saving={create}
      onSave={(wanted) =>
        create.mutate(wanted, {
          onSuccess: ({ title }) => {
            notify(promptText.created(title));
            props.onClose();
          },
        })
      }
    />
  );
}

export function EditPrompt({ prompt, ...props }: Props & { prompt: Prompt }) {
  const revise = useRevisePrompt(prompt);
  const { notify } = useNotices();
  return (
    <PromptForm
      {...props}
      prompt={prompt}
      title={words.titleEdit}
      description={words.description}
      submit={words.save}
      saving={revise}
      onSave={(wanted) =>
        revise.mutate(wanted, {
          onSuccess: ({ title, version }) => {
            notify(promptText.revised(title, version));
            props.onClose();
          },
        })
      }
    />
  );
}

interface FormProps extends Props {
  prompt?: Prompt;
  title: string;
  description?: string;
  submit: string;
  saving: { error: unknown; isPending: boolean };
  onSave: (wanted: NewPrompt) => void;
}

const NOTHING: NewPrompt & { groups: string[] } = {
  title: "",
  type: "persona",
  body: "",
  groups: [],
};

function PromptForm({ prompt, saving, onSave, ...frame }: FormProps) {
  const known = prompt ?? NOTHING;
  const [title, setTitle] = useState(known.title);
  const [type, setType] = useState(known.type);
  const [body, setBody] = useState(known.body);
  const [sharing, setSharing] = useState<Sharing>(sharingOf(known));
  const [groups, setGroups] = useState(namedGroups(known).join(", "));
  const isReady =
    title.trim() !== "" &&
    body.trim() !== "" &&
    (sharing !== "groups" || listed(groups).length > 0);
  const save = () =>
    onSave({ title: title.trim(), type, body, groups: groupsOf(sharing, listed(groups)) });
  return (
    <FormDialog
      {...frame}
      error={saving.error}
      isPending={saving.isPending}
      isReady={isReady}
      onSubmit={save}
    >
      <TextField
        label={words.title}
        value={title}
        onChange={setTitle}
        maxLength={LONGEST.title}
        required
      />
      <SelectField label={words.type} value={type} options={TYPES} onChange={setType} />
      <AreaField
        label={words.body}
        rows={8}
        value={body}
        onChange={setBody}
        maxLength={LONGEST.body}
        required
      />
      <SelectField label={words.sharing} value={sharing} options={OPTIONS} onChange={setSharing} />
      {sharing === "groups" && <GroupsField value={groups} onChange={setGroups} />}
    </FormDialog>
  );
}

function GroupsField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { data: me } = useMe(true);
  const own = me?.groups ?? [];
  const hint = own.length > 0 ? words.groupsOwn(own) : words.groupsHint;
  return <TextField label={words.groups} hint={hint} value={value} onChange={onChange} required />;
}
