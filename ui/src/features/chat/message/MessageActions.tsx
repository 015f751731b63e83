/** What one can do with a message. */
import type { ReactNode } from "react";
import type { Message } from "../../../chat/messages";
import { copyText } from "../../../lib/copy";
import { chatText } from "../../../lib/words/chat";
import { useNotices } from "../../../ui/Notices";
import { useOpenChat } from "../chatContext";
import { IconButton } from "../IconButton";

const words = chatText.actions;

interface Props {
  message: Message;
  speaker: string;
  onEdit?: () => void;
  onRetry?: () => void;
}

export function MessageActions({ message, speaker, onEdit, onRetry }: Props) {
  const { conversation, remove } = useOpenChat();
  const { announce } = useNotices();
  const said = textOf(message);
  const copy = async () =>
    announce((await copyText(said)) ? chatText.status.copied : chatText.status.selected);
  const { responseId, facts } = message;
  const learns = responseId && !facts && message.role === "assistant";
  return (
    <fieldset
      aria-label={words.label(speaker)}
      className="-mx-2 flex flex-wrap items-center text-muted-foreground"
    >
      <Branches message={message} />
      {said && <IconButton icon="copy" name={words.copy} onClick={() => void copy()} />}
      {onEdit && <IconButton icon="edit" name={words.edit} onClick={onEdit} />}
      {onRetry && <IconButton icon="again" name={words.retry} onClick={onRetry} />}
      {learns && (
        <IconButton
          icon="info"
          name={words.details}
          onClick={() => void conversation.learn(responseId).catch(() => {})}
        />
      )}
      <IconButton icon="trash" name={words.delete} onClick={() => remove(message)} />
    </fieldset>
  );
}

export const textOf = ({ parts }: Message): string =>
  parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n");

function Branches({ message }: { message: Message }): ReactNode {
  const { conversation, canAsk } = useOpenChat();
  const { announce } = useNotices();
  const { branches, entryIds } = message;
  const at = branches.findIndex((id) => entryIds.includes(id));
  if (branches.length < 2 || at < 0) return null;
  const go = (step: number) => () => {
    const next = branches[at + step];
    if (next === undefined || !canAsk) return;
    conversation.choose(next);
    announce(words.branch(at + step + 1, branches.length));
  };
  // Not disabled at an end: the button that was pressed last must keep the focus.
  return (
    <fieldset aria-label={words.branches} className="flex items-center text-sm">
      <IconButton
        icon="back"
        name={words.before}
        aria-disabled={at === 0}
        className="aria-disabled:opacity-50"
        onClick={go(-1)}
      />
      <span>{words.branch(at + 1, branches.length)}</span>
      <IconButton
        icon="next"
        name={words.after}
        aria-disabled={at === branches.length - 1}
        className="aria-disabled:opacity-50"
        onClick={go(1)}
      />
    </fieldset>
  );
}
