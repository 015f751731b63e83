/** The questions about an account. They belong to the page, so they outlive a removed row. */
import { type ReactNode, type RefObject, useState } from "react";
import { type User, useChangeUser, useRemoveUser } from "../../api/users";
import { listed } from "../../lib/listed";
import { userText } from "../../lib/words/users";
import { Confirm } from "../../ui/Confirm";
import { FormDialog } from "../../ui/FormDialog";
import { TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import { useQuestions } from "../../ui/useQuestions";
import { PASSWORD } from "./bounds";

type What = "groups" | "password" | "remove";
export type Ask = (what: What, user: User, trigger: RefObject<HTMLElement | null>) => void;

interface QuestionProps {
  user: User;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function useUserQuestions(): { ask: Ask; questions: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, User>();
  if (!asked) return { ask, questions: null };
  const given = { user: asked.thing, onClose: close, returnFocus };
  const dialogs = {
    groups: <Grouping {...given} />,
    password: <SettingPassword {...given} />,
    remove: <Removing {...given} onGone={closeGone} />,
  };
  return { ask, questions: dialogs[asked.what] };
}

function Grouping({ user, onClose, returnFocus }: QuestionProps) {
  const [groups, setGroups] = useState(user.groups.join(", "));
  const change = useChangeUser(user);
  const { notify } = useNotices();
  const save = () =>
    change.mutate(
      { groups: listed(groups) },
      {
        onSuccess: ({ name }) => {
          notify(userText.regrouped(name));
          onClose();
        },
      },
    );
  return (
    <FormDialog
      title={userText.grouping.title}
      submit={userText.grouping.save}
      error={change.error}
      isPending={change.isPending}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField
        label={userText.form.groups}
        hint={userText.form.groupsHint}
        value={groups}
        onChange={setGroups}
      />
    </FormDialog>
  );
}

function SettingPassword({ user, onClose, returnFocus }: QuestionProps) {
  const [password, setPassword] = useState("");
  const change = useChangeUser(user);
  const { notify } = useNotices();
  const words = userText.setting;
  const save = () =>
    change.mutate(
      { password },
      {
        onSuccess: ({ name }) => {
          notify(userText.newPassword(name));
          onClose();
        },
      },
    );
  return (
    <FormDialog
      title={words.title(user.name)}
      description={words.body}
      submit={words.save}
      error={change.error}
      isPending={change.isPending}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField
        label={userText.form.password}
        hint={userText.form.passwordHint}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        {...PASSWORD}
      />
    </FormDialog>
  );
}

function Removing({ user, onClose, returnFocus, onGone }: QuestionProps & { onGone: () => void }) {
  const remove = useRemoveUser(user);
  const { notify } = useNotices();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(userText.removed(user.name));
        onGone();
      },
    });
  return (
    <Confirm
      words={userText.removing}
      body={userText.removing.body(user.name)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
