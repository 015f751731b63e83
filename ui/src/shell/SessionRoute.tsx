/** An open session: the chat, and beside its title what the list of sessions offers as well. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ChatPage } from "../features/chat";
import { SessionActions } from "../features/sessions";

export default function SessionRoute() {
  const { sessionId } = useParams({ from: "/sessions/$sessionId" });
  const { item } = useSearch({ from: "/sessions/$sessionId" });
  const navigate = useNavigate();
  return (
    <ChatPage
      key={sessionId}
      sessionId={sessionId}
      itemId={item}
      actions={(session) => (
        <SessionActions session={session} onDeleted={() => void navigate({ to: "/sessions" })} />
      )}
    />
  );
}
