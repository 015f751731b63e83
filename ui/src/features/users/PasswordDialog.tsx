/** Asks for one's own new password. */
import { useState } from "react";
import { useBeginSignIn } from "../../api/identity";
import { useChangePassword } from "../../api/users";
import { userText } from "../../lib/words/users";
import { FormDialog } from "../../ui/FormDialog";
import { TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import { PASSWORD } from "./bounds";

const words = userText.changing;

interface Props {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function PasswordDialog({ onClose, returnFocus }: Props) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  const signIn = useBeginSignIn();
  const { notify } = useNotices();
  const save = () =>
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          notify(words.done);
          onClose();
          signIn.mutate(); // the server has ended every sign-in with the former password
        },
      },
    );
  return (
    <FormDialog
      title={words.title}
      description={words.body}
      submit={words.save}
      error={change.error}
      isPending={change.isPending}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField
        label={words.current}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        required
      />
      <TextField
        label={words.next}
        hint={words.hint}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        {...PASSWORD}
      />
    </FormDialog>
  );
}
