/** The list of documents: found, selected, put there. */
import { useEffect, useRef, useState } from "react";
import type { Collection } from "../../../api/collections";
import { useSwitches } from "../../../api/configuration";
import {
  type DocumentStatus,
  isReady,
  isUnderWay,
  type RagDocument,
  useDocuments,
} from "../../../api/documents";
import { useUploads } from "../../../api/useUploads";
import { useSettled } from "../../../lib/useSettled";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Button } from "../../../ui/Button";
import { SelectField, TextField } from "../../../ui/fields";
import { useNotices } from "../../../ui/Notices";
import { PagedList } from "../../../ui/PagedList";
import { Empty } from "../../../ui/states";
import { DocumentRow } from "./DocumentRow";
import { DropZone } from "./DropZone";
import { UploadList } from "./UploadList";
import { type Actions, useActions } from "./useActions";

const words = knowledgeText.library;
const STATES = [
  "",
  "INGESTION_PENDING",
  "INGESTION_IN_PROGRESS",
  "INGESTION_COMPLETED",
  "INGESTION_FAILED",
] as const;
type State = "" | DocumentStatus;

interface Props {
  collection: Collection;
  onPreview: (document: RagDocument) => void;
}

export function Documents({ collection, onPreview }: Props) {
  const uploads = useUploads();
  const mayAdd = useSwitches()("uploadRagDocs") && collection.mayAdd;
  const [name, setName] = useState("");
  const [status, setStatus] = useState<State>("");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useDocuments(collection, { name: useSettled(name.trim()), status });
  const { actions, question } = useActions(collection, onPreview, () => setSelected(new Set()));
  useSpokenEnds(list.data);
  const select = (id: string, isSelected: boolean) => {
    const next = new Set(selected);
    if (isSelected) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  const content = (
    <>
      <UploadList uploads={uploads} />
      <Filters name={name} status={status} onName={setName} onStatus={setStatus} />
      <Bulk shown={list.data ?? []} selected={selected} onSelect={setSelected} actions={actions} />
      <PagedList
        list={list}
        label={words.label}
        words={words}
        empty={<Nothing isFiltered={Boolean(name || status)} mayAdd={mayAdd} />}
        keyOf={idOf}
      >
        {(document) => (
          <DocumentRow
            document={document}
            isSelected={selected.has(document.documentId)}
            onSelect={(isSelected) => select(document.documentId, isSelected)}
            actions={actions}
          />
        )}
      </PagedList>
      {question}
    </>
  );
  if (!mayAdd) return content;
  return (
    <DropZone onFiles={(files, said) => uploads.add(collection, files, said)}>{content}</DropZone>
  );
}

const idOf = ({ documentId }: RagDocument) => documentId;

function Nothing({ isFiltered, mayAdd }: { isFiltered: boolean; mayAdd: boolean }) {
  if (isFiltered) return <Empty title={words.nothingTitle} body={words.nothingBody} />;
  return <Empty title={words.emptyTitle} body={mayAdd ? words.emptyBody : words.emptyForReaders} />;
}

interface FilterProps {
  name: string;
  status: State;
  onName: (name: string) => void;
  onStatus: (status: State) => void;
}

function Filters({ name, status, onName, onStatus }: FilterProps) {
  return (
    <div className="mb-4 grid grid-cols-1 gap-4 sm:grid-cols-2">
      <TextField label={words.findName} type="search" value={name} onChange={onName} />
      <SelectField
        label={words.state}
        value={status}
        options={STATES.map((value) => ({ value, label: words.states[value] ?? value }))}
        onChange={onStatus}
      />
    </div>
  );
}

interface BulkProps {
  shown: RagDocument[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  actions: Actions;
}

/** What is done with several at once; what is selected and no longer shown isn't meant. */
function Bulk({ shown, selected, onSelect, actions }: BulkProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const mine = shown.filter(({ mayChange }) => mayChange);
  const meant = mine.filter(({ documentId }) => selected.has(documentId));
  if (mine.length === 0) return null;
  const isAll = meant.length === mine.length;
  return (
    <div className="mb-3 flex min-h-9 flex-wrap items-center gap-3 px-4 text-sm">
      <label className="flex min-h-6 items-center gap-3">
        <input
          type="checkbox"
          checked={isAll}
          onChange={() => onSelect(new Set(isAll ? [] : mine.map(idOf)))}
          className="size-4 accent-primary"
        />
        {meant.length > 0 ? words.selected(meant.length) : words.selectAll}
      </label>
      {meant.length > 0 && (
        <Button ref={trigger} onClick={() => actions.remove(meant, trigger)}>
          {words.deleteSelected}
        </Button>
      )}
      {mine.some(({ status }) => status === "INGESTION_FAILED") && (
        <Button className="ml-auto" onClick={() => actions.retry(null)}>
          {words.retryFailed}
        </Button>
      )}
    </div>
  );
}

/** Says of each document whose way was seen here how that ended. */
function useSpokenEnds(documents: RagDocument[] | undefined) {
  const { announce } = useNotices();
  const onTheirWay = useRef(new Set<string>());
  useEffect(() => {
    const isNews = (document: RagDocument) =>
      !isUnderWay(document) && onTheirWay.current.delete(document.documentId);
    const news = (documents ?? []).filter(isNews).map(endOf);
    if (news.length > 0) announce(news.join(" "));
    for (const { documentId } of documents?.filter(isUnderWay) ?? [])
      onTheirWay.current.add(documentId);
  }, [documents, announce]);
}

const endOf = (document: RagDocument) =>
  isReady(document) ? words.becameReady(document.name) : words.becameFailed(document.name);
