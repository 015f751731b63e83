/** The menu of one session with the questions it asks, for a page of that session. */
import type { Session } from "../../api/sessions";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { SessionMenu } from "./SessionMenu";
import { useSessionDeletion } from "./useSessionDeletion";
import { useSessionQuestions } from "./useSessionQuestions";

interface Props {
  session: Session;
  onDeleted: () => void;
}

export function SessionActions({ session, onDeleted }: Props) {
  const { questions, ask } = useSessionQuestions();
  const remove = useSessionDeletion(onDeleted);
  return (
    <>
      <SessionMenu
        session={session}
        label={historyText.actions(sessionTitle(session))}
        onAsk={ask}
        onDelete={remove}
      />
      {questions}
    </>
  );
}
