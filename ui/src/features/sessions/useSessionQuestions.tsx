/** The questions about a session. They belong to the page, so they outlive a row that moved. */
import { lazy, type ReactNode, type RefObject, Suspense } from "react";
import type { Session } from "../../api/sessions";
import { useQuestions } from "../../ui/useQuestions";

const RenameDialog = lazy(() => import("./RenameDialog"));
const MoveDialog = lazy(() => import("./MoveDialog"));

type What = "rename" | "move";
export type AskSession = (
  what: What,
  session: Session,
  trigger: RefObject<HTMLElement | null>,
) => void;

export interface QuestionProps {
  session: Session;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

const DIALOGS = { rename: RenameDialog, move: MoveDialog };

export function useSessionQuestions(): { ask: AskSession; questions: ReactNode } {
  const { asked, ask, close, returnFocus } = useQuestions<What, Session>();
  if (!asked) return { ask, questions: null };
  const Question = DIALOGS[asked.what];
  return {
    ask,
    questions: (
      <Suspense>
        <Question session={asked.thing} onClose={close} returnFocus={returnFocus} />
      </Suspense>
    ),
  };
}
