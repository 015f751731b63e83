/** Asks before a repository is deleted, and says what goes with it. */
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode, RefObject } from "react";
import { type Repository, useCollectionsOf, useRemoveRepository } from "../../../api/repositories";
import { repositoryText as words } from "../../../lib/words/repositories";
import { Confirm } from "../../../ui/Confirm";
import { useNotices } from "../../../ui/Notices";
import { useQuestions } from "../../../ui/useQuestions";

type Ask = (repository: Repository, trigger: RefObject<HTMLElement | null>) => void;

export function useRepositoryRemoval(): { ask: Ask; question: ReactNode } {
  const { asked, ask, close, closeGone, returnFocus } = useQuestions<"remove", Repository>();
  const question = asked && (
    <Removing
      repository={asked.thing}
      onClose={close}
      onGone={closeGone}
      returnFocus={returnFocus}
    />
  );
  return { ask: (repository, trigger) => ask("remove", repository, trigger), question };
}

interface Props {
  repository: Repository;
  onClose: () => void;
  onGone: () => void;
  returnFocus: () => HTMLElement | null;
}

function Removing({ repository, onClose, onGone, returnFocus }: Props) {
  const { repositoryId, name, pipelines } = repository;
  const remove = useRemoveRepository(repositoryId);
  const { data } = useCollectionsOf(repositoryId);
  const { notify } = useNotices();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notify(words.beingRemoved(name));
        onGone();
        void navigate({ to: "/knowledge/repositories" });
      },
    });
  return (
    <Confirm
      words={words.removing}
      body={words.removing.body(name)}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <ul className="list-disc pl-5 text-sm">
        {data?.collections.map((each) => (
          <li key={each.collectionId}>{words.removing.collection(each.name)}</li>
        ))}
        {pipelines.length > 0 && <li>{words.removing.pipelines(pipelines.length)}</li>}
        <li>{words.removing.more}</li>
      </ul>
    </Confirm>
  );
}
