/** One session: what it is called, what was said, and the place to say more. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { End } from "../../api/items";
import { type Session, useSession } from "../../api/sessions";
import { Problem } from "../../lib/problem";
import { text } from "../../lib/strings";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { PageTitle } from "../../ui/PageTitle";
import { Empty, Failed, Loading } from "../../ui/states";
import { Composer } from "./Composer";
import { Conversation } from "./Conversation";
import { useSessionDialogs } from "./SessionDialogs";
import { SessionMenu } from "./SessionMenu";
import { titleOf } from "./title";

export function SessionPage({ sessionId }: { sessionId: string }) {
  const { data, error, isPending, refetch } = useSession(sessionId);
  if (isPending) return <Loading what={text.session.loading} />;
  if (error instanceof Problem && error.status === 404) return <Missing />;
  if (data) return <OpenSession session={data} />;
  return <Failed title={text.session.failed} error={error} onRetry={() => void refetch()} />;
}

function Missing() {
  return (
    <>
      <PageTitle>{text.session.missingTitle}</PageTitle>
      <Empty as="h1" title={text.session.missingTitle} body={text.session.missingBody}>
        <Link to="/sessions" className={buttonClass("primary")}>
          {text.session.all}
        </Link>
      </Empty>
    </>
  );
}

function OpenSession({ session }: { session: Session }) {
  const [from, setFrom] = useState<End>("newest");
  return (
    <div className="flex -my-6 min-h-[calc(100dvh-3.5rem)] flex-col md:min-h-dvh">
      <PageTitle>{titleOf(session)}</PageTitle>
      <Header session={session} />
      <div className="flex-1 py-6">
        <Conversation
          sessionId={session.id}
          count={session.item_count}
          from={from}
          onTurn={setFrom}
        />
      </div>
      <Composer sessionId={session.id} onAdded={() => setFrom("newest")} />
    </div>
  );
}

function Header({ session }: { session: Session }) {
  const navigate = useNavigate();
  const { dialogs, ask } = useSessionDialogs(() => void navigate({ to: "/sessions" }));
  const title = titleOf(session);
  return (
    <div className="sticky top-14 z-10 -mx-4 flex items-center gap-1 border-b bg-background px-2 py-2 md:top-0 md:-mx-8 md:px-4">
      <Link
        to="/sessions"
        aria-label={text.session.all}
        title={text.session.all}
        className={`${buttonClass("quiet")} min-w-9 px-2`}
      >
        <Icon name="back" />
      </Link>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-lg font-semibold" title={title}>
          {title}
        </h1>
        <p className="text-xs text-muted-foreground">{text.sessions.items(session.item_count)}</p>
      </div>
      <SessionMenu session={session} onAsk={ask} />
      {dialogs}
    </div>
  );
}
