/** The questions about a prompt. They belong to the page, so they outlive a deleted row. */
import type { ReactNode, RefObject } from "react";
import { type Prompt, useDeletePrompt } from "../../api/prompts";
import { promptText } from "../../lib/words/prompts";
import { Confirm } from "../../ui/Confirm";
import { useNotices } from "../../ui/Notices";
import { useQuestions } from "../../ui/useQuestions";
import { CreatePrompt, EditPrompt } from "./PromptForm";
import { Revisions } from "./Revisions";

type What = "create" | "edit" | "versions" | "delete";
export type AskPrompt = (
  what: What,
  prompt: Prompt | null,
  trigger: RefObject<HTMLElement | null>,
) => void;

export function usePromptQuestions(): { ask: AskPrompt; questions: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, Prompt | null>();
  if (!asked) return { ask, questions: null };
  const given = { onClose: close, returnFocus };
  const prompt = asked.thing;
  if (!prompt) return { ask, questions: <CreatePrompt {...given} /> };
  const dialogs: Record<Exclude<What, "create">, ReactNode> = {
    edit: <EditPrompt prompt={prompt} {...given} />,
    versions: <Revisions prompt={prompt} {...given} />,
    delete: <Deleting prompt={prompt} {...given} onGone={closeGone} />,
  };
  return { ask, questions: asked.what === "create" ? null : dialogs[asked.what] };
}

interface DeletingProps {
  prompt: Prompt;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Deleting({ prompt, onClose, onGone, returnFocus }: DeletingProps) {
  const remove = useDeletePrompt(prompt.id);
  const { notify } = useNotices();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(promptText.deleted(prompt.title));
        onGone();
      },
    });
  return (
    <Confirm
      words={promptText.deleting}
      body={promptText.deleting.body(prompt.title)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
