/** Deletes a message at once, and brings it back as long as the offer stands. */
import { useCallback, useState } from "react";
import type { Conversation } from "../../chat/conversation";
import type { Message } from "../../chat/messages";
import { asProblem, sentence } from "../../lib/problem";
import { chatText } from "../../lib/words/chat";
import { mainElement } from "../../ui/focus";
import { useNotices } from "../../ui/Notices";

const words = chatText.actions;

export function useRemoval(conversation: Conversation) {
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const { notify, announce } = useNotices();
  const remove = useCallback(
    ({ entryIds }: Message) => {
      setRemoved(entryIds);
      announce(words.deleted);
      mainElement()?.focus({ preventScroll: true });
      conversation.mark(entryIds, true).catch((error) => {
        setRemoved([]);
        notify(words.markFailed(sentence(asProblem(error))));
      });
    },
    [conversation, notify, announce],
  );
  const restore = () => {
    setRemoved([]);
    conversation.mark(removed, false).then(
      () => announce(words.restored),
      (error) => notify(words.restoreFailed(sentence(asProblem(error)))),
    );
  };
  return { isOffered: removed.length > 0, remove, restore, dismiss: () => setRemoved([]) };
}
