/** The questions about a project, and about one that there isn't yet. */
import { lazy, type ReactNode, type RefObject, Suspense } from "react";
import type { Project } from "../../api/projects";
import { useQuestions } from "../../ui/useQuestions";

const dialogs = () => import("./ProjectDialogs");
const CreateProject = lazy(() => dialogs().then(({ CreateProject: one }) => ({ default: one })));
const RenameProject = lazy(() => dialogs().then(({ RenameProject: one }) => ({ default: one })));
const DeleteProject = lazy(() => dialogs().then(({ DeleteProject: one }) => ({ default: one })));

type What = "create" | "rename" | "delete";
export type AskProject = (
  what: What,
  project: Project | null,
  trigger: RefObject<HTMLElement | null>,
) => void;

export function useProjectQuestions(): { ask: AskProject; questions: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, Project | null>();
  if (!asked) return { ask, questions: null };
  const given = { onClose: close, returnFocus };
  const project = asked.thing;
  const question = project ? (
    asked.what === "rename" ? (
      <RenameProject project={project} {...given} />
    ) : (
      <DeleteProject project={project} {...given} onGone={closeGone} />
    )
  ) : (
    <CreateProject {...given} />
  );
  return { ask, questions: <Suspense>{question}</Suspense> };
}
