/** Holds a session open while its page is there, and gives what it knows to whoever shows it. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useApi } from "../../api/client";
import { useEndedBy } from "../../api/identity";
import { LIST, type Session, sessionKey } from "../../api/sessions";
import { Conversation } from "../../chat/conversation";
import { messageReader } from "../../chat/messages";

export function useConversation(session: Session) {
  const conversation = useOpened(session.id);
  const [failure, setFailure] = useState<unknown>(null);
  const state = useSyncExternalStore(conversation.subscribe, conversation.snapshot);
  const read = useMemo(messageReader, []);

  const refresh = () => {
    setFailure(null);
    conversation.refresh().catch((error) => !conversation.isClosed && setFailure(error));
  };
  // Each change of the session, by whichever tab or program, is another revision.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is what it runs for
  useEffect(refresh, [conversation, session.revision]);
  const isEnded = useEndedBy(state.refused ?? failure);
  // Of a lost sign-in the page that comes next tells, and how to go on.
  const refused = isEnded ? null : state.refused;
  const unread = isEnded ? null : failure;
  return { conversation, state, refused, messages: read(state), failure: unread, refresh };
}

function useOpened(sessionId: string): Conversation {
  const api = useApi();
  const queries = useQueryClient();
  const make = () =>
    new Conversation(api, sessionId, () => {
      void queries.invalidateQueries({ queryKey: LIST });
      void queries.invalidateQueries({ queryKey: sessionKey(sessionId) });
    });
  const [conversation, setConversation] = useState(make);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one per session, as the page is
  useEffect(() => {
    if (conversation.isClosed) return setConversation(make());
    conversation.open();
    return () => conversation.close();
  }, [conversation]);
  return conversation;
}
