/** Moves a session into a project or out of it, and says what became of that. */
import { type Project, useMoveSession } from "../../api/projects";
import type { Session } from "../../api/sessions";
import { asProblem, sentence } from "../../lib/problem";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { useNotices } from "../../ui/Notices";

const words = historyText.moving;

export type Target = Pick<Project, "id" | "name"> | null;

export function useMove() {
  const { mutateAsync } = useMoveSession();
  const { notify } = useNotices();
  return (session: Session, to: Target) => {
    if ((session.project_id ?? null) === (to?.id ?? null)) return;
    const title = sessionTitle(session);
    // Not as callbacks of the mutation: whatever asked may be gone by then.
    void mutateAsync({ session, to: to?.id ?? null }).then(
      () => notify(to ? words.done(title, to.name) : words.out(title)),
      (error) => notify(words.failed(sentence(asProblem(error)))),
    );
  };
}
