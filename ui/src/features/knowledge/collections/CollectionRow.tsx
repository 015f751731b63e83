/** One collection: what it is, and the way to its documents. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import type { Collection } from "../../../api/collections";
import { asSentence } from "../../../lib/problem";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Badge } from "../../../ui/Badge";
import { Facts } from "../../../ui/Facts";
import { Menu } from "../../../ui/Menu";
import { Moment } from "../../../ui/Moment";
import type { AskCollection } from "./useCollectionQuestions";

const words = knowledgeText.collections;

export function CollectionRow({
  collection,
  onAsk,
}: {
  collection: Collection;
  onAsk: AskCollection;
}) {
  const navigate = useNavigate();
  const trigger = useRef<HTMLButtonElement>(null);
  const { repositoryId, collectionId, name } = collection;
  const actions = [
    {
      label: words.search,
      onSelect: () =>
        void navigate({ to: "/knowledge/search", search: { in: collection.vectorStoreId } }),
    },
    collection.mayChange && {
      label: words.edit,
      onSelect: () => onAsk("edit", collection, trigger),
    },
    collection.mayDelete && {
      label: words.remove,
      danger: true,
      onSelect: () => onAsk("remove", collection, trigger),
    },
  ];
  return (
    <div className="flex items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="min-w-0 font-medium">
            <Link
              to="/knowledge/in/$repositoryId/$collectionId"
              params={{ repositoryId, collectionId }}
              className="rounded underline-offset-2 hover:underline"
            >
              {name}
            </Link>
          </h2>
          <Badges collection={collection} />
        </div>
        {collection.description && (
          <p className="text-sm text-muted-foreground">{collection.description}</p>
        )}
        {collection.reason && (
          <p className="text-sm text-destructive">{asSentence(collection.reason)}</p>
        )}
        <Facts
          facts={[
            { name: words.repository, value: repositoryId },
            { name: words.embedder, value: collection.embeddingModel },
            { name: words.groups, value: collection.groups?.join(", ") },
            { name: knowledgeText.library.tags, value: collection.tags.join(", ") },
            { name: words.changed, value: <Moment at={collection.updated} /> },
          ]}
        />
      </div>
      <Menu
        label={words.actions(name)}
        triggerRef={trigger}
        actions={actions.filter((action) => action !== false)}
      />
    </div>
  );
}

function Badges({ collection }: { collection: Collection }) {
  const { status } = collection;
  return (
    <>
      {collection.isDefault && <Badge>{words.standard}</Badge>}
      {collection.private && <Badge>{words.private}</Badge>}
      {status === "ARCHIVED" && <Badge>{words.archived}</Badge>}
      {status === "DELETE_IN_PROGRESS" && <Badge>{words.leaving}</Badge>}
      {status === "DELETE_FAILED" && <Badge look="bad">{words.leavingFailed}</Badge>}
    </>
  );
}
