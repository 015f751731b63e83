/** Makes a collection, or changes one. */
import { useState } from "react";
import {
  type Collection,
  useChangeCollection,
  useCreateCollection,
} from "../../../api/collections";
import type { Repository } from "../../../api/repositories";
import { knowledgeText } from "../../../lib/words/knowledge";
import { FormDialog } from "../../../ui/FormDialog";
import { AreaField, CheckField, SelectField, TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import { ChunkingInputs } from "../ChunkingInputs";
import { changeOf, emptyFields, type Fields, fieldsOf, wantedOf } from "./fields";

const words = knowledgeText.form;
const about = knowledgeText.collections;
const SHARINGS = (["private", "shared"] as const).map((value) => ({
  value,
  label: words.sharings[value],
}));

interface Given {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function CreateCollection({
  repositories,
  ...given
}: Given & { repositories: Repository[] }) {
  const [fields, setFields] = useState(() => emptyFields(repositories[0]?.repositoryId ?? ""));
  const create = useCreateCollection();
  const { notify } = useNotices();
  const isKeeper = repositories.some(
    (one) => one.repositoryId === fields.repositoryId && one.mayCreateCollections,
  );
  const submit = () =>
    create.mutate(
      { repositoryId: fields.repositoryId, wanted: wantedOf(fields) },
      {
        onSuccess: ({ name }) => {
          notify(about.created(name));
          given.onClose();
        },
      },
    );
  return (
    <FormDialog
      {...given}
      title={words.titleNew}
      submit={words.create}
      error={create.error}
      isPending={create.isPending}
      isReady={fields.name.trim() !== ""}
      onSubmit={submit}
    >
      {repositories.length > 1 && (
        <SelectField
          label={words.repository}
          value={fields.repositoryId}
          options={repositories.map(({ repositoryId, name }) => ({
            value: repositoryId,
            label: name,
          }))}
          onChange={(repositoryId) => setFields({ ...fields, repositoryId, sharing: "private" })}
        />
      )}
      {isKeeper && (
        <SelectField
          label={words.sharing}
          value={fields.sharing}
          options={SHARINGS}
          onChange={(sharing) => setFields({ ...fields, sharing })}
        />
      )}
      <Described fields={fields} onChange={setFields} />
      <CheckField
        label={words.ownChunking}
        checked={fields.hasOwnChunking}
        onChange={(hasOwnChunking) => setFields({ ...fields, hasOwnChunking })}
      />
      {fields.hasOwnChunking && <Cut fields={fields} onChange={setFields} />}
    </FormDialog>
  );
}

export function EditCollection({ collection, ...given }: Given & { collection: Collection }) {
  const [fields, setFields] = useState(() => fieldsOf(collection));
  const change = useChangeCollection(collection);
  const { notify } = useNotices();
  const submit = () =>
    change.mutate(changeOf(fields), {
      onSuccess: ({ name }) => {
        notify(about.saved(name));
        given.onClose();
      },
    });
  return (
    <FormDialog
      {...given}
      title={words.titleEdit(collection.name)}
      submit={words.save}
      error={change.error}
      isPending={change.isPending}
      isReady={fields.name.trim() !== ""}
      onSubmit={submit}
    >
      <Described fields={fields} onChange={setFields} />
      <Cut fields={fields} onChange={setFields} />
    </FormDialog>
  );
}

interface PartProps {
  fields: Fields;
  onChange: (fields: Fields) => void;
}

function Described({ fields, onChange }: PartProps) {
  const change = (some: Partial<Fields>) => onChange({ ...fields, ...some });
  return (
    <>
      <TextField
        label={words.name}
        hint={words.nameHint}
        maxLength={100}
        required
        value={fields.name}
        onChange={(name) => change({ name })}
      />
      <AreaField
        label={words.description}
        maxLength={1000}
        value={fields.description}
        onChange={(description) => change({ description })}
      />
      <TextField
        label={words.tags}
        hint={words.tagsHint}
        value={fields.tags}
        onChange={(tags) => change({ tags })}
      />
      {fields.sharing === "shared" && (
        <TextField
          label={words.groups}
          hint={words.groupsHint}
          value={fields.groups}
          onChange={(groups) => change({ groups })}
        />
      )}
      <CheckField
        label={words.tables}
        hint={words.tablesHint}
        checked={fields.readsTables}
        onChange={(readsTables) => change({ readsTables })}
      />
    </>
  );
}

function Cut({ fields, onChange }: PartProps) {
  return (
    <ChunkingInputs
      fields={fields.chunking}
      onChange={(chunking) => onChange({ ...fields, chunking })}
    />
  );
}
