/** Asks before a model is removed. */
import type { ReactNode, RefObject } from "react";
import { type Model, useRemoveModel } from "../../api/models";
import { modelText } from "../../lib/words/models";
import { Confirm } from "../../ui/Confirm";
import { useNotices } from "../../ui/Notices";
import { useQuestions } from "../../ui/useQuestions";

export type AskRemoval = (model: Model, trigger: RefObject<HTMLElement | null>) => void;

export function useRemoval(): { ask: AskRemoval; question: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<"remove", Model>();
  const question = asked && (
    <Removing model={asked.thing} onClose={close} onGone={closeGone} returnFocus={returnFocus} />
  );
  return { ask: (model, trigger) => ask("remove", model, trigger), question };
}

interface Props {
  model: Model;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ model, onClose, onGone, returnFocus }: Props) {
  const remove = useRemoveModel(model.modelId);
  const { notify } = useNotices();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(modelText.removed(model.modelId));
        onGone();
      },
    });
  return (
    <Confirm
      words={modelText.removing}
      body={modelText.removing.body(model.modelId)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
