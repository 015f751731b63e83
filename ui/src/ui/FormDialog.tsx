/** A few fields in front of the page, sent together. */
import type { FormEvent, ReactNode } from "react";
import { text } from "../lib/strings";
import { Button } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { FieldProblem } from "./states";

interface Props {
  title: string;
  description?: string;
  submit: string;
  error: unknown;
  isPending: boolean;
  isReady?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  returnFocus?: () => HTMLElement | null;
  children: ReactNode;
}

export function FormDialog(props: Props) {
  const { isReady = true, isPending, error, onSubmit, onClose } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  return (
    <Dialog
      title={props.title}
      description={props.description}
      onClose={onClose}
      returnFocus={props.returnFocus}
    >
      <form onSubmit={send} className="flex flex-col gap-4">
        {props.children}
        {Boolean(error) && <FieldProblem error={error} />}
        <DialogActions>
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button type="submit" look="primary" disabled={!isReady}>
            {props.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
