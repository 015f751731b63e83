/** Files on their way into a collection from here, until they can be asked about. */
import { useEffect } from "react";
import {
  hasFailed,
  isReady,
  type RagDocument,
  readPart,
  useDocument,
} from "../../../api/documents";
import type { Upload, useUploads } from "../../../api/useUploads";
import { asSentence, sentence } from "../../../lib/problem";
import { chatKnowledge } from "../../../lib/words/chatKnowledge";
import { Icon } from "../../../ui/icons";
import { useNotices } from "../../../ui/Notices";
import { Progress } from "../../../ui/Progress";
import { IconButton } from "../IconButton";

const words = chatKnowledge.collections;

export function CollectionUploads({ uploads }: { uploads: ReturnType<typeof useUploads> }) {
  if (uploads.list.length === 0) return null;
  return (
    <ul aria-label={words.uploads} className="flex flex-wrap gap-2 px-3 pt-3">
      {uploads.list.map((upload) => (
        <OneUpload key={upload.id} upload={upload} onRemove={() => uploads.remove(upload.id)} />
      ))}
    </ul>
  );
}

function OneUpload({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { data: document } = useDocument(upload.place, upload.documentId);
  const { notify } = useNotices();
  const { name } = upload.file;
  const isThere = document !== undefined && isReady(document);
  useEffect(() => {
    if (isThere) notify(words.ready(name));
  }, [isThere, name, notify]);
  return (
    <li className="flex max-w-full items-center gap-2 rounded-lg border pl-3 text-sm">
      <Icon name="knowledge" />
      <span className="min-w-0">
        <span className="block truncate">{name}</span>
        <State upload={upload} document={document} />
      </span>
      <IconButton icon="close" name={words.dismiss(name)} onClick={onRemove} />
    </li>
  );
}

function State({ upload, document }: { upload: Upload; document?: RagDocument }) {
  const failure = failureOf(upload, document);
  if (failure)
    return (
      <span role="alert" className="block text-xs text-destructive">
        {failure}
      </span>
    );
  const isThere = document !== undefined && isReady(document);
  const isSending = upload.state === "sending";
  return (
    <>
      <span className="block text-xs text-muted-foreground">
        {isThere ? words.isReady : isSending ? words.sending : words.reading}
      </span>
      {!isThere && (
        <Progress
          label={words.progress(upload.file.name)}
          part={isSending ? upload.part : readPart(document)}
        />
      )}
    </>
  );
}

function failureOf({ problem }: Upload, document?: RagDocument): string {
  if (problem) return sentence(problem);
  if (!document || !hasFailed(document)) return "";
  return `${asSentence(document.cause)} ${asSentence(document.nextStep)}`;
}
