/** One part of a message, as its kind is shown. */
import { lazy, Suspense } from "react";
import { withLinks } from "../../../chat/citations";
import type { OtherPart, Part, ReasoningPart, TextPart, ToolListPart } from "../../../chat/parts";
import { text } from "../../../lib/strings";
import { chatText } from "../../../lib/words/chat";
import { useOpenChat } from "../chatContext";
import { FileSearch } from "./FileSearch";
import { FileView } from "./FileView";
import { ImageView } from "./ImageView";
import { ToolCall } from "./ToolCall";

const Markdown = lazy(() => import("../markdown/Markdown"));

interface Props {
  part: Part;
  isOwn: boolean;
  isGrowing: boolean;
  onDecide: Parameters<typeof ToolCall>[0]["onDecide"];
  onRegenerate?: () => void;
}

export function PartView({ part, isOwn, isGrowing, onDecide, onRegenerate }: Props) {
  switch (part.kind) {
    case "text":
      return <Words part={part} isOwn={isOwn} isGrowing={isGrowing} />;
    case "reasoning":
      return <Reasoning part={part} isGrowing={isGrowing} />;
    case "tool":
      return <ToolCall call={part} onDecide={onDecide} />;
    case "tools":
      return <Unreachable part={part} />;
    case "image":
      return <ImageView image={part} isOwn={isOwn} onRegenerate={onRegenerate} />;
    case "search":
      return <FileSearch search={part} />;
    case "file":
      return <FileView file={part} />;
    case "other":
      return <Other part={part} />;
  }
}

function Words({ part, isOwn, isGrowing }: { part: TextPart; isOwn: boolean; isGrowing: boolean }) {
  const plain = <p className="whitespace-pre-wrap">{part.text}</p>;
  if (isOwn) return plain;
  return (
    <Suspense fallback={plain}>
      <Markdown text={withLinks(part.text, part.citations)} isGrowing={isGrowing} />
    </Suspense>
  );
}

function Reasoning({ part, isGrowing }: { part: ReasoningPart; isGrowing: boolean }) {
  const isThinking = isGrowing && !part.isOver;
  return (
    <details className="rounded-lg border px-3 py-2 text-sm">
      <summary className="cursor-pointer text-muted-foreground">
        {isThinking ? chatText.reasoning.running : chatText.reasoning.title}
        {isThinking && <span className="ml-2 text-xs">{lastLine(part.text)}</span>}
      </summary>
      <p className="mt-2 whitespace-pre-wrap text-muted-foreground">{part.text}</p>
    </details>
  );
}

/** How far it is, as far as one line tells. */
const lastLine = (thought: string) => thought.trimEnd().split("\n").at(-1)?.slice(-80);

function Unreachable({ part }: { part: ToolListPart }) {
  const { serverName } = useOpenChat();
  return (
    <p className="text-sm text-destructive">
      {chatText.tool.unreachable(serverName(part.server))} {part.error}
    </p>
  );
}

function Other({ part }: { part: OtherPart }) {
  return (
    <details className="rounded-lg border px-3 py-2 text-sm">
      <summary className="cursor-pointer text-muted-foreground">
        {text.session.otherContent(part.type)}
      </summary>
      <pre className="mt-2 text-xs whitespace-pre-wrap">{part.content}</pre>
    </details>
  );
}
