/** Asks before a session is removed for good. */
import { type Session, useDeleteSession } from "../../api/sessions";
import { text } from "../../lib/strings";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { useNotices } from "../../ui/Notices";
import { FieldProblem } from "../../ui/states";
import { titleOf } from "./title";

interface Props {
  session: Session;
  onClose: () => void;
  onDeleted: () => void;
  returnFocus: () => HTMLElement | null;
}

export function DeleteDialog({ session, onClose, onDeleted, returnFocus }: Props) {
  const remove = useDeleteSession(session);
  const { notify } = useNotices();
  const title = titleOf(session);

  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(text.sessions.deleted(title));
        onDeleted();
      },
    });

  return (
    <Dialog
      alert
      title={text.deleting.title}
      description={text.deleting.body(title)}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {remove.error && <FieldProblem error={remove.error} />}
      <DialogActions>
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button look="danger" onClick={confirm} disabled={remove.isPending}>
          {text.deleting.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
