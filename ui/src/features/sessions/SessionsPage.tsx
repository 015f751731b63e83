/** All of the caller's sessions, newest first. */
import { useNavigate } from "@tanstack/react-router";
import { useLayoutEffect, useState } from "react";
import { type Session, useCreateSession, useSessions } from "../../api/sessions";
import { text } from "../../lib/strings";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { useNotices } from "../../ui/Notices";
import { PageTitle } from "../../ui/PageTitle";
import { Empty, Failed, FieldProblem, Loading } from "../../ui/states";
import { useSessionDialogs } from "./SessionDialogs";
import { SessionRow } from "./SessionRow";

export function SessionsPage() {
  const create = useCreateSession();
  const navigate = useNavigate();
  useLayoutEffect(() => {
    window.scrollTo(0, 0); // its answer, a promise in newer browsers, is no clean-up
  }, []);

  const createAndOpen = () =>
    create.mutate(undefined, {
      onSuccess: ({ id }) =>
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } }),
    });

  return (
    <>
      <PageTitle>{text.sessions.title}</PageTitle>
      <div className="mb-6 flex items-center justify-between gap-4">
        <h1 className="text-2xl font-semibold">{text.sessions.title}</h1>
        <Button look="primary" onClick={createAndOpen} disabled={create.isPending}>
          <Icon name="plus" />
          {text.sessions.create}
        </Button>
      </div>
      {create.error && <FieldProblem error={create.error} />}
      <SessionList />
    </>
  );
}

function SessionList() {
  const sessions = useSessions();
  const { data } = sessions;
  if (data) return data.length === 0 ? <NoSessions /> : <Rows sessions={data} list={sessions} />;
  if (sessions.isPending) return <Loading what={text.sessions.loading} />;
  return (
    <Failed
      title={text.sessions.failed}
      error={sessions.error}
      onRetry={() => void sessions.refetch()}
    />
  );
}

const NoSessions = () => <Empty title={text.sessions.emptyTitle} body={text.sessions.emptyBody} />;

interface RowsProps {
  sessions: Session[];
  list: ReturnType<typeof useSessions>;
}

function Rows({ sessions, list }: RowsProps) {
  const { announce } = useNotices();
  const { dialogs, ask } = useSessionDialogs();
  const [firstNew, setFirstNew] = useState("");

  const showMore = async () => {
    const known = new Set(sessions.map((session) => session.id));
    const { data } = await list.fetchNextPage();
    if (!data) return;
    announce(text.sessions.shown(data.length));
    setFirstNew(data.find((session) => !known.has(session.id))?.id ?? "");
  };

  return (
    <>
      {list.isRefetchError && <FieldProblem error={list.error} />}
      <ul className="divide-y overflow-hidden rounded-xl border bg-card">
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            takesFocus={session.id === firstNew}
            onAsk={ask}
          />
        ))}
      </ul>
      {list.isFetchNextPageError && <FieldProblem error={list.error} />}
      {list.hasNextPage && (
        <div className="mt-4 text-center">
          <Button onClick={() => void showMore()} disabled={list.isFetchingNextPage}>
            {list.isFetchingNextPage ? text.loading : text.more}
          </Button>
        </div>
      )}
      {dialogs}
    </>
  );
}
