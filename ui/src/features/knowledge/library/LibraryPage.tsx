/** The documents of one collection. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type Collection, type Place, useCollection } from "../../../api/collections";
import { useDocument, usePassageAt } from "../../../api/documents";
import { Problem } from "../../../lib/problem";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Badge } from "../../../ui/Badge";
import { buttonClass } from "../../../ui/Button";
import { Facts } from "../../../ui/Facts";
import { PageHeader } from "../../../ui/PageHeader";
import { PageTitle } from "../../../ui/PageTitle";
import { Empty, Failed, Loading } from "../../../ui/states";
import { DocumentPanel } from "../preview/DocumentPanel";
import { Documents } from "./Documents";

const words = knowledgeText.library;
const about = knowledgeText.collections;
const FROM = "/knowledge/in/$repositoryId/$collectionId";

export function LibraryPage() {
  const { repositoryId, collectionId } = useParams({ from: FROM });
  const place = { repositoryId, collectionId };
  const { data, error, isPending, refetch } = useCollection(place);
  if (error instanceof Problem && error.status === 404) return <Missing />;
  if (data) return <Opened key={data.vectorStoreId} collection={data} />;
  return (
    <>
      <PageHeader title={knowledgeText.title} />
      {isPending ? (
        <Loading what={words.loadingOne} />
      ) : (
        <Failed title={words.failedOne} error={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Missing() {
  return (
    <>
      <PageTitle>{words.goneTitle}</PageTitle>
      <Empty as="h1" title={words.goneTitle} body={words.goneBody}>
        <Link to="/knowledge" className={buttonClass("primary")}>
          {words.all}
        </Link>
      </Empty>
    </>
  );
}

function Opened({ collection }: { collection: Collection }) {
  const navigate = useNavigate();
  const { document = "", at, start } = useSearch({ from: FROM });
  const { repositoryId, collectionId } = collection;
  const place = { repositoryId, collectionId };
  const show = (search: { document?: string }) =>
    void navigate({ to: FROM, params: place, search, replace: true });
  return (
    <>
      <PageHeader title={collection.name} intro={collection.description}>
        <div className="flex flex-wrap gap-2">
          <Link to="/knowledge" className={buttonClass("quiet")}>
            {words.all}
          </Link>
          <Link
            to="/knowledge/search"
            search={{ in: collection.vectorStoreId }}
            className={buttonClass()}
          >
            {about.search}
          </Link>
        </div>
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        {collection.private && <Badge>{about.private}</Badge>}
        <Facts
          facts={[
            { name: about.store, value: <code>{collection.vectorStoreId}</code> },
            { name: about.embedder, value: collection.embeddingModel },
          ]}
        />
      </div>
      <Documents
        collection={collection}
        onPreview={({ documentId }) => show({ document: documentId })}
      />
      {document && (
        <Preview
          key={document}
          place={place}
          documentId={document}
          at={at}
          start={start}
          onClose={() => show({})}
        />
      )}
    </>
  );
}

interface PreviewProps {
  place: Place;
  documentId: string;
  /** The passage by its ordinal, or by a character of it. */
  at?: number;
  start?: number;
  onClose: () => void;
}

function Preview({ place, documentId, at, start, onClose }: PreviewProps) {
  const { data: document, error } = useDocument(place, documentId);
  const found = usePassageAt(place, documentId, at === undefined ? start : undefined);
  const isLooking = at === undefined && start !== undefined && found.isPending;
  if ((!document && !error) || isLooking) return null;
  return (
    <DocumentPanel
      shown={{
        place,
        documentId,
        name: document?.name ?? knowledgeText.preview.failed,
        ordinal: at ?? found.data ?? null,
      }}
      onClose={onClose}
    />
  );
}
