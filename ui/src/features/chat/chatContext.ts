/** What every part of the open session's page needs of it. */
import { createContext, useContext } from "react";
import type { Asking, Conversation } from "../../chat/conversation";
import type { Message } from "../../chat/messages";

export interface Chat {
  sessionId: string;
  conversation: Conversation;
  /** Nothing can be asked while an answer comes, or where there is no model. */
  canAsk: boolean;
  /** What waits to be asked again isn't asked another way meanwhile. */
  canRetry: boolean;
  ask: (asking: Pick<Asking, "input"> & Partial<Asking>) => void;
  remove: (message: Message) => void;
  /** What people call the tool server that a call names by its id. */
  serverName: (label: string) => string;
}

const ChatContext = createContext<Chat | null>(null);
export const ChatProvider = ChatContext.Provider;

export function useOpenChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("ChatProvider is missing above this component");
  return chat;
}
