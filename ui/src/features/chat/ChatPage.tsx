/** One session: what was said, what is being said, and the place to say more. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useLiveSession } from "../../api/conversations";
import type { Session } from "../../api/sessions";
import { Problem } from "../../lib/problem";
import { sessionTitle } from "../../lib/sessionTitle";
import { chatText } from "../../lib/words/chat";
import { buttonClass } from "../../ui/Button";
import { PageTitle } from "../../ui/PageTitle";
import { Empty, Failed, Loading } from "../../ui/states";
import { OpenChat } from "./OpenChat";

interface Props {
  sessionId: string;
  /** An item to open at; without one it opens at the last answer. */
  itemId?: string;
  /** What else can be done with a session; other pages do the same with it. */
  actions: (session: Session) => ReactNode;
}

export function ChatPage({ sessionId, itemId, actions }: Props) {
  const { data, error, isPending, refetch } = useLiveSession(sessionId);
  if (isPending) return <Loading what={chatText.loading} />;
  if (error instanceof Problem && error.status === 404) return <Missing />;
  if (!data) return <Failed title={chatText.failed} error={error} onRetry={() => void refetch()} />;
  return (
    <div className="-my-6 flex min-h-[calc(100dvh-3.5rem-var(--banner))] flex-col md:min-h-[calc(100dvh-var(--banner))]">
      <PageTitle>{sessionTitle(data)}</PageTitle>
      <OpenChat session={data} itemId={itemId} actions={actions(data)} />
    </div>
  );
}

function Missing() {
  return (
    <>
      <PageTitle>{chatText.missingTitle}</PageTitle>
      <Empty as="h1" title={chatText.missingTitle} body={chatText.missingBody}>
        <Link to="/sessions" className={buttonClass("primary")}>
          {chatText.all}
        </Link>
      </Empty>
    </>
  );
}
