/** The questions about golden sets. They belong to the page, so they outlive a deleted row. */
import type { ReactNode, RefObject } from "react";
import { type GoldenSet, useRemoveGoldenSet } from "../../../api/evaluations";
import { evaluationText } from "../../../lib/words/evaluations";
import { Confirm } from "../../../ui/Confirm";
import { useNotices } from "../../../ui/Notices";
import { useQuestions } from "../../../ui/useQuestions";
import { SetPanel } from "./SetPanel";
import { StartRun } from "./StartRun";
import { UploadGolden } from "./UploadGolden";

const words = evaluationText.sets;

type What = "upload" | "start" | "show" | "remove";
export type AskSet = (
  what: What,
  set: GoldenSet | null,
  trigger: RefObject<HTMLElement | null>,
) => void;

export function useSetQuestions(): { ask: AskSet; questions: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, GoldenSet | null>();
  const given = { onClose: close, returnFocus };
  if (!asked) return { ask, questions: null };
  const { what, thing: set } = asked;
  if (!set) return { ask, questions: <UploadGolden {...given} /> };
  const questions = {
    upload: null,
    start: <StartRun set={set} {...given} />,
    show: <SetPanel set={set} {...given} />,
    remove: <Removing set={set} {...given} onGone={closeGone} />,
  };
  return { ask, questions: questions[what] };
}

interface RemovingProps {
  set: GoldenSet;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ set, onClose, onGone, returnFocus }: RemovingProps) {
  const remove = useRemoveGoldenSet(set.setId);
  const { notify } = useNotices();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(words.removed(set.name));
        onGone();
      },
    });
  return (
    <Confirm
      words={words.removing}
      body={words.removing.body(set.name)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
