/** Deletes a session at once, and offers to undo it. */
import { useQueryClient } from "@tanstack/react-query";
import { useSessionRemoval } from "../../api/removal";
import { dropSession, type Session } from "../../api/sessions";
import { asProblem, sentence } from "../../lib/problem";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { useNotices } from "../../ui/Notices";

export function useSessionDeletion(onDeleted?: () => void) {
  const remove = useSessionRemoval();
  const queries = useQueryClient();
  const { notify, announce } = useNotices();
  return (session: Session) => {
    const title = sessionTitle(session);
    const removal = remove(session.id);
    onDeleted?.();
    const finish = () =>
      removal.finish().then(
        () => dropSession(queries, session.id),
        (error) => notify(historyText.notDeleted(title, sentence(asProblem(error)))),
      );
    notify(historyText.deleted(title), {
      label: historyText.undo,
      onTake: () => {
        removal.undo();
        announce(historyText.restored(title));
      },
      onPass: () => void finish(),
    });
  };
}
