/** One document: how far it has come, what is known of it, and what can be done. */
import { useRef } from "react";
import { hasFailed, isReady, isUnderWay, type RagDocument, readPart } from "../../../api/documents";
import { asSentence } from "../../../lib/problem";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Badge } from "../../../ui/Badge";
import { Facts } from "../../../ui/Facts";
import { Menu } from "../../../ui/Menu";
import { Moment } from "../../../ui/Moment";
import { Progress } from "../../../ui/Progress";
import type { Actions, Trigger } from "./useActions";

const words = knowledgeText.library;
const UPLOADED = "upload:";

interface Props {
  document: RagDocument;
  isSelected: boolean;
  onSelect: (isSelected: boolean) => void;
  actions: Actions;
}

export function DocumentRow({ document, isSelected, onSelect, actions }: Props) {
  const { name } = document;
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <div className="flex items-start gap-3">
      {document.mayChange && (
        <input
          type="checkbox"
          aria-label={words.select(name)}
          checked={isSelected}
          onChange={(event) => onSelect(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-primary"
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="min-w-0 font-medium">{name}</h2>
          <Badge look={lookOf(document)}>{words.states[document.status] ?? document.status}</Badge>
        </div>
        <State document={document} />
        <Facts facts={factsOf(document)} />
      </div>
      <Menu
        label={words.actions(name)}
        triggerRef={trigger}
        actions={offered(document, actions, trigger)}
      />
    </div>
  );
}

const lookOf = (document: RagDocument) => {
  if (hasFailed(document)) return "bad";
  return isReady(document) ? "good" : "plain";
};

function State({ document }: { document: RagDocument }) {
  const { cause, nextStep, warnings, passages, expected, name } = document;
  if (document.status === "INGESTION_IN_PROGRESS")
    return (
      <div className="flex flex-col gap-1 text-xs text-muted-foreground">
        <span>{words.progress(passages, expected)}</span>
        <Progress label={words.progressOf(name)} part={readPart(document)} />
      </div>
    );
  return (
    <>
      {cause && (
        <p className={`text-sm ${hasFailed(document) ? "text-destructive" : ""}`}>
          {asSentence(cause)} {asSentence(nextStep)}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="text-xs text-muted-foreground">
          {asSentence(warning)}
        </p>
      ))}
    </>
  );
}

function factsOf(document: RagDocument) {
  const { kind, size, pages, passages, tags, facts, owner, source, created } = document;
  return [
    { name: words.kind, value: kind },
    { name: words.size, value: knowledgeText.size(size) },
    { name: words.pages, value: pages },
    { name: words.found, value: isReady(document) ? passages : "" },
    { name: words.tags, value: tags.join(", ") },
    ...Object.entries(facts).map(([name, value]) => ({ name, value: String(value) })),
    { name: words.owner, value: owner },
    { name: words.source, value: source.startsWith(UPLOADED) ? "" : source },
    { name: words.added, value: <Moment at={created} /> },
  ];
}

function offered(document: RagDocument, actions: Actions, trigger: Trigger) {
  const can = [
    document.passages > 0 && {
      label: words.preview,
      onSelect: () => actions.preview(document),
    },
    document.hasContent && {
      label: words.download,
      onSelect: () => actions.download(document),
    },
    document.mayChange &&
      document.status === "INGESTION_FAILED" && {
        label: words.retry,
        onSelect: () => actions.retry([document.documentId]),
      },
    document.mayChange &&
      (!isUnderWay(document) || document.status.startsWith("INGESTION")) && {
        label: words.remove,
        danger: true,
        onSelect: () => actions.remove([document], trigger),
      },
  ];
  return can.filter((action) => action !== false);
}
