/** The questions about a collection. They belong to the page, so they outlive a deleted row. */
import type { ReactNode, RefObject } from "react";
import { type Collection, useContents, useRemoveCollection } from "../../../api/collections";
import type { Repository } from "../../../api/repositories";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Confirm } from "../../../ui/Confirm";
import { useNotices } from "../../../ui/Notices";
import { useQuestions } from "../../../ui/useQuestions";
import { CreateCollection, EditCollection } from "./CollectionForm";

const words = knowledgeText.collections;

type What = "create" | "edit" | "remove";
export type AskCollection = (
  what: What,
  collection: Collection | null,
  trigger: RefObject<HTMLElement | null>,
) => void;

export function useCollectionQuestions(repositories: Repository[]): {
  ask: AskCollection;
  questions: ReactNode;
} {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<What, Collection | null>();
  const given = { onClose: close, returnFocus };
  const collection = asked?.thing;
  if (!asked) return { ask, questions: null };
  if (!collection)
    return { ask, questions: <CreateCollection repositories={repositories} {...given} /> };
  const questions =
    asked.what === "edit" ? (
      <EditCollection collection={collection} {...given} />
    ) : (
      <Removing collection={collection} {...given} onGone={closeGone} />
    );
  return { ask, questions };
}

interface RemovingProps {
  collection: Collection;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ collection, onClose, onGone, returnFocus }: RemovingProps) {
  const remove = useRemoveCollection(collection);
  const { data } = useContents(collection);
  const { notify } = useNotices();
  const { body, emptied, counted } = words.removing;
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(words.begun(collection.name));
        onGone();
      },
    });
  return (
    <Confirm
      words={words.removing}
      body={(collection.isDefault ? emptied : body)(collection.name)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {data && <p className="text-sm">{counted(data.documents, data.passages)}</p>}
    </Confirm>
  );
}
