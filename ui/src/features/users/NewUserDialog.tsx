/** Asks for a new person's name, first password and groups. */
import { useState } from "react";
import { useCreateUser } from "../../api/users";
import { listed } from "../../lib/listed";
import { userText } from "../../lib/words/users";
import { FormDialog } from "../../ui/FormDialog";
import { TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import { NAME, PASSWORD } from "./bounds";

const words = userText.form;

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const [fields, setFields] = useState({ name: "", password: "", groups: "" });
  const create = useCreateUser();
  const { notify } = useNotices();
  const change = (some: Partial<typeof fields>) => setFields({ ...fields, ...some });
  const add = () =>
    create.mutate(
      { ...fields, groups: listed(fields.groups) },
      {
        onSuccess: ({ name }) => {
          notify(userText.added(name));
          onClose();
        },
      },
    );
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      error={create.error}
      isPending={create.isPending}
      onSubmit={add}
      onClose={onClose}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        autoComplete="off"
        autoCapitalize="none"
        value={fields.name}
        onChange={(name) => change({ name })}
        {...NAME}
      />
      <TextField
        label={words.password}
        hint={words.passwordHint}
        type="password"
        autoComplete="new-password"
        value={fields.password}
        onChange={(password) => change({ password })}
        {...PASSWORD}
      />
      <TextField
        label={words.groups}
        hint={words.groupsHint}
        value={fields.groups}
        onChange={(groups) => change({ groups })}
      />
    </FormDialog>
  );
}
