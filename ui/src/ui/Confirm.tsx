/** Asks before something is done that can't be undone. */
import type { ReactNode } from "react";
import { text } from "../lib/strings";
import { Button } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { FieldProblem } from "./states";

interface Props {
  words: { title: string; confirm: string };
  body: string;
  error: unknown;
  isPending: boolean;
  onConfirm: () => void;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
  /** What belongs to the question. */
  children?: ReactNode;
}

export function Confirm(props: Props) {
  const { words, body, error, isPending, onConfirm, onClose, returnFocus, children } = props;
  return (
    <Dialog
      alert
      title={words.title}
      description={body}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {children}
      {Boolean(error) && <FieldProblem error={error} />}
      <DialogActions>
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button look="danger" onClick={() => isPending || onConfirm()}>
          {words.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
