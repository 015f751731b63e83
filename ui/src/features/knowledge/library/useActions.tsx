/** What is done with documents of a collection, and what is asked before. */
import type { ReactNode, RefObject } from "react";
import type { Place } from "../../../api/collections";
import {
  type RagDocument,
  useDocumentLink,
  useRemoveDocuments,
  useRetryDocuments,
} from "../../../api/documents";
import { asProblem, sentence } from "../../../lib/problem";
import { saveFrom } from "../../../lib/save";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Confirm } from "../../../ui/Confirm";
import { useNotices } from "../../../ui/Notices";
import { useQuestions } from "../../../ui/useQuestions";

const words = knowledgeText.library;

export type Trigger = RefObject<HTMLElement | null>;

export interface Actions {
  preview: (document: RagDocument) => void;
  download: (document: RagDocument) => void;
  /** Without ids all that have failed. */
  retry: (ids: string[] | null) => void;
  remove: (documents: RagDocument[], trigger: Trigger) => void;
}

export function useActions(
  place: Place,
  preview: Actions["preview"],
  onRemoved: () => void,
): { actions: Actions; question: ReactNode } {
  const { notify } = useNotices();
  const link = useDocumentLink(place);
  const again = useRetryDocuments(place);
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<"remove", RagDocument[]>();
  const download = ({ documentId, name }: RagDocument) =>
    link.mutate(documentId, {
      onSuccess: ({ url }) => saveFrom(name, url),
      onError: (error) => notify(words.notDownloaded(sentence(asProblem(error)))),
    });
  const retry = (ids: string[] | null) =>
    again.mutate(ids, {
      onSuccess: ({ job }) => notify(job.total ? words.retried(job.total) : words.noneFailed),
      onError: (error) => notify(words.notRetried(sentence(asProblem(error)))),
    });
  const question = asked && (
    <Removing
      place={place}
      documents={asked.thing}
      onClose={close}
      onGone={() => {
        onRemoved();
        closeGone();
      }}
      returnFocus={returnFocus}
    />
  );
  const remove = (documents: RagDocument[], trigger: Trigger) => ask("remove", documents, trigger);
  return { actions: { preview, download, retry, remove }, question };
}

interface RemovingProps {
  place: Place;
  documents: RagDocument[];
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ place, documents, onClose, onGone, returnFocus }: RemovingProps) {
  const remove = useRemoveDocuments(place);
  const { notify } = useNotices();
  const [first] = documents;
  const { one, several } = words.removing;
  const confirm = () =>
    remove.mutate(
      documents.map(({ documentId }) => documentId),
      {
        onSuccess: () => {
          notify(words.begun(documents.length));
          onGone();
        },
      },
    );
  return (
    <Confirm
      words={words.removing}
      body={documents.length === 1 && first ? one(first.name) : several(documents.length)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    />
  );
}
