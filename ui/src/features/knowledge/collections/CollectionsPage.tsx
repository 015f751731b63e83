/** The collections somebody may use. */
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { type Collection, useCollections } from "../../../api/collections";
import { useMe } from "../../../api/identity";
import { isUsable, useRepositories } from "../../../api/repositories";
import { useSettled } from "../../../lib/useSettled";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Button, buttonClass } from "../../../ui/Button";
import { TextField } from "../../../ui/fields";
import { Icon } from "../../../ui/icons";
import { PagedList } from "../../../ui/PagedList";
import { PageHeader } from "../../../ui/PageHeader";
import { Empty } from "../../../ui/states";
import { KnowledgeTabs } from "../KnowledgeTabs";
import { CollectionRow } from "./CollectionRow";
import { useCollectionQuestions } from "./useCollectionQuestions";

const words = knowledgeText.collections;

export function CollectionsPage() {
  const [typed, setTyped] = useState("");
  const query = useSettled(typed.trim());
  const list = useCollections(query);
  const repositories = useRepositories();
  const usable = (repositories.data ?? []).filter(isUsable);
  const { ask, questions } = useCollectionQuestions(usable);
  const create = useRef<HTMLButtonElement>(null);
  return (
    <>
      <PageHeader title={words.title} intro={words.intro}>
        {usable.length > 0 && (
          <Button ref={create} look="primary" onClick={() => ask("create", null, create)}>
            <Icon name="plus" />
            {words.create}
          </Button>
        )}
      </PageHeader>
      <KnowledgeTabs />
      <div className="mb-4 max-w-md">
        <TextField label={words.find} type="search" value={typed} onChange={setTyped} />
      </div>
      <PagedList
        list={list}
        label={words.label}
        words={words}
        empty={
          <Nothing isSearch={query !== ""} hasPlace={usable.length > 0 || !repositories.data} />
        }
        keyOf={idOf}
      >
        {(collection) => <CollectionRow collection={collection} onAsk={ask} />}
      </PagedList>
      {questions}
    </>
  );
}

const idOf = ({ vectorStoreId }: Collection) => vectorStoreId;

function Nothing({ isSearch, hasPlace }: { isSearch: boolean; hasPlace: boolean }) {
  const { data: me } = useMe(true);
  if (isSearch) return <Empty title={words.nothingTitle} body={words.nothingBody} />;
  if (hasPlace) return <Empty title={words.emptyTitle} body={words.emptyBody} />;
  if (!me?.admin && !me?.rag_admin)
    return <Empty title={words.noRepositoryTitle} body={words.noRepositoryBody} />;
  return (
    <Empty title={words.noRepositoryTitle} body={words.noRepositoryAdmin}>
      <Link to="/knowledge/repositories" className={buttonClass("primary")}>
        {words.toRepositories}
      </Link>
    </Empty>
  );
}
