/** The two questions about a session. They belong to the page, so they outlive a deleted row. */
import { type ReactNode, type RefObject, useRef, useState } from "react";
import type { Session } from "../../api/sessions";
import { mainElement } from "../../ui/focus";
import { DeleteDialog } from "./DeleteDialog";
import { RenameDialog } from "./RenameDialog";

interface Question {
  what: "rename" | "delete";
  session: Session;
  trigger: RefObject<HTMLElement | null>;
}

export type Ask = (question: Question) => void;

export function useSessionDialogs(onDeleted?: () => void): { dialogs: ReactNode; ask: Ask } {
  const [question, setQuestion] = useState<Question | null>(null);
  const deleted = useRef(false);
  const ask = (next: Question) => {
    deleted.current = false;
    setQuestion(next);
  };
  const close = () => setQuestion(null);
  const returnFocus = () => (deleted.current ? mainElement() : (question?.trigger.current ?? null));

  let dialogs: ReactNode = null;
  if (question?.what === "rename")
    dialogs = <RenameDialog session={question.session} onClose={close} returnFocus={returnFocus} />;
  if (question?.what === "delete")
    dialogs = (
      <DeleteDialog
        session={question.session}
        onClose={close}
        returnFocus={returnFocus}
        onDeleted={() => {
          deleted.current = true;
          close();
          onDeleted?.();
        }}
      />
    );
  return { dialogs, ask };
}
