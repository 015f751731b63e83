/** Asks before a model is removed. */
import type { ReactNode, RefObject } from "react";
import { useThingsRemoved } from "../../api/hosting";
import { type Model, useRemoveModel } from "../../api/models";
import { isHosted } from "../../lib/modelStatus";
import { pageText } from "../../lib/words/modelPage";
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
  const hosted = isHosted(model);
  const words = hosted ? pageText.removing : modelText.removing;
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify((hosted ? pageText.removing.begun : modelText.removed)(model.modelId));
        onGone();
      },
    });
  return (
    <Confirm
      words={words}
      body={words.body(model.modelId)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {hosted && <Things id={model.modelId} />}
    </Confirm>
  );
}

/** What goes with it, as its host has found it. */
function Things({ id }: { id: string }) {
  const { data, error } = useThingsRemoved(id);
  const words = pageText.removing;
  if (error) return <p className="text-sm text-muted-foreground">{words.failed}</p>;
  if (!data) return <p className="text-sm text-muted-foreground">{words.looking}</p>;
  if (data.length === 0) return <p className="text-sm">{words.nothing}</p>;
  return (
    <ul className="max-h-48 list-disc overflow-y-auto pl-5 text-sm">
      {data.map((thing) => (
        <li key={thing}>{thing}</li>
      ))}
    </ul>
  );
}
