/** Asks for a session's new name. */
import { type FormEvent, useState } from "react";
import { type Session, useRenameSession } from "../../api/sessions";
import { text } from "../../lib/strings";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { useNotices } from "../../ui/Notices";
import { FieldProblem } from "../../ui/states";
import { titleOf } from "./title";

const LONGEST_NAME = 200; // as the server has it

interface Props {
  session: Session;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export function RenameDialog({ session, onClose, returnFocus }: Props) {
  const [name, setName] = useState(titleOf(session));
  const rename = useRenameSession(session);
  const { notify } = useNotices();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(name.trim(), {
      onSuccess: (renamed) => {
        notify(text.renaming.done(titleOf(renamed)));
        onClose();
      },
    });
  };

  return (
    <Dialog title={text.renaming.title} onClose={onClose} returnFocus={returnFocus}>
      <form onSubmit={submit}>
        <label className="flex flex-col gap-1.5 text-sm font-medium">
          {text.renaming.label}
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            onFocus={(event) => event.target.select()}
            required
            maxLength={LONGEST_NAME}
            aria-describedby={rename.error ? "rename-problem" : undefined}
            className="min-h-10 rounded-lg border border-input bg-card px-3 font-normal"
          />
        </label>
        {rename.error && <FieldProblem id="rename-problem" error={rename.error} />}
        <DialogActions>
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button type="submit" look="primary" disabled={rename.isPending || !name.trim()}>
            {text.renaming.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
