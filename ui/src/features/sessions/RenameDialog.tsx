/** Asks for a session's new name. */
import { useState } from "react";
import { useRenameSession } from "../../api/sessions";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { FormDialog } from "../../ui/FormDialog";
import { TextField } from "../../ui/fields";
import { useNotices } from "../../ui/Notices";
import type { QuestionProps } from "./useSessionQuestions";

const words = historyText.renaming;
const LONGEST_NAME = 200; // as the server has it

export default function RenameDialog({ session, onClose, returnFocus }: QuestionProps) {
  const [name, setName] = useState(sessionTitle(session));
  const rename = useRenameSession(session);
  const { notify } = useNotices();
  const save = () =>
    rename.mutate(name.trim(), {
      onSuccess: (renamed) => {
        notify(words.done(sessionTitle(renamed)));
        onClose();
      },
    });
  return (
    <FormDialog
      title={words.title}
      submit={words.save}
      error={rename.error}
      isPending={rename.isPending}
      isReady={name.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <TextField
        label={words.label}
        value={name}
        onChange={setName}
        onFocus={(event) => event.target.select()}
        required
        maxLength={LONGEST_NAME}
      />
    </FormDialog>
  );
}
