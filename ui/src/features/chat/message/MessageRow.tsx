/** One message of the conversation, with all that belongs to it. */
import { memo, useRef, useState } from "react";
import type { WireItem, WirePart } from "../../../api/responses";
import { answersOf } from "../../../chat/approvals";
import type { Conversation } from "../../../chat/conversation";
import type { Message } from "../../../chat/messages";
import type { Decision } from "../../../chat/state";
import { freshId } from "../../../lib/freshId";
import { chatText } from "../../../lib/words/chat";
import { useOpenChat } from "../chatContext";
import { useOffers } from "../useOffers";
import { EditBox } from "./EditBox";
import { MessageActions, textOf } from "./MessageActions";
import { MessageFacts } from "./MessageFacts";
import { MessageState } from "./MessageState";
import { PartView } from "./PartView";
import { WithSources } from "./Sources";

const SPEAKERS = {
  user: chatText.you,
  assistant: chatText.assistant,
  system: chatText.system,
};
const QUIET = new Set(["done", "unfinished"]);

interface Props {
  message: Message;
  isLast: boolean;
}

export const MessageRow = memo(function MessageRow({ message, isLast }: Props) {
  const [isEditing, setEditing] = useState(false);
  const chat = useOpenChat();
  const offers = useOffers();
  const box = useRef<HTMLDivElement>(null);
  const isOwn = message.role === "user";
  const isQuiet = QUIET.has(message.state);
  const retry = useRetry(message, isLast);
  const close = () => {
    setEditing(false);
    box.current?.focus();
  };
  const sendAnew = (said: string) => {
    setEditing(false);
    chat.ask({ input: [anew(chat.conversation, message, said)], parentId: message.parentId });
  };
  return (
    <div
      ref={box}
      tabIndex={-1}
      className={`mb-6 flex flex-col gap-3 ${isOwn ? "rounded-xl bg-muted px-4 py-3" : "px-4"}`}
    >
      <h2 className="text-sm font-semibold">{SPEAKERS[message.role]}</h2>
      {isEditing ? (
        <EditBox said={textOf(message)} canSend={chat.canAsk} onSend={sendAnew} onClose={close} />
      ) : (
        <WithSources message={message}>
          <Parts message={message} onRetry={retry} />
        </WithSources>
      )}
      <MessageState message={message} onRetry={retry} />
      {isQuiet && !isOwn && offers.facts && message.facts && <MessageFacts facts={message.facts} />}
      {isQuiet && !isEditing && (
        <MessageActions
          message={message}
          speaker={SPEAKERS[message.role]}
          onEdit={isOwn && chat.canAsk ? () => setEditing(true) : undefined}
          onRetry={retry}
        />
      )}
    </div>
  );
});

function Parts({ message, onRetry }: { message: Message; onRetry?: () => void }) {
  const decide = useDecide(message);
  const isGrowing = !QUIET.has(message.state);
  return message.parts.map((part, at) => (
    <PartView
      key={part.id}
      part={part}
      isOwn={message.role === "user"}
      isGrowing={isGrowing && at === message.parts.length - 1}
      onDecide={decide}
      onRegenerate={onRetry}
    />
  ));
}

/** An answer is asked for anew by what it followed; a question at the end by itself. */
function useRetry(message: Message, isLast: boolean): (() => void) | undefined {
  const { canRetry, ask } = useOpenChat();
  const place = message.role === "assistant" ? message.parentId : message.entryIds.at(-1);
  if (!canRetry || !place || !QUIET.has(message.state)) return undefined;
  if (message.role !== "assistant" && !isLast) return undefined;
  return () => ask({ input: [], parentId: place });
}

function useDecide(message: Message) {
  const { conversation, canAsk, ask } = useOpenChat();
  if (!canAsk) return undefined;
  return (requestId: string, decision: Decision) => {
    conversation.decide(requestId, decision);
    const answers = answersOf(message, conversation.snapshot().decisions);
    if (answers) ask(answers);
  };
}

/** The same message in other words: what was attached to it stays. */
function anew(conversation: Conversation, message: Message, said: string): WireItem {
  const [id = ""] = message.entryIds;
  const content = conversation.snapshot().entries.get(id)?.item.content ?? [];
  const attached = content.filter(({ type }) => type === "input_image" || type === "input_file");
  const words: WirePart = { type: "input_text", text: said };
  return {
    id: freshId("msg_"),
    type: "message",
    role: "user",
    content: [words, ...attached],
  };
}
