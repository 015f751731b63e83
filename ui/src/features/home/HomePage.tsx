/** The first page: what can be done next. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMe } from "../../api/identity";
import { type Session, useSessions } from "../../api/sessions";
import { useConfig } from "../../lib/config";
import { sessionTitle } from "../../lib/sessionTitle";
import { homeText } from "../../lib/words/home";
import { Moment } from "../../ui/Moment";
import { PageTitle } from "../../ui/PageTitle";
import { Failed } from "../../ui/states";
import { FirstStep } from "./FirstStep";
import { Links } from "./Links";

const MOST_RECENT = 5;

/** `begin` starts a session. */
export function HomePage({ begin }: { begin: ReactNode }) {
  const { branding } = useConfig();
  const { data: me } = useMe(true);
  if (!me) return null;
  return (
    <div className="flex flex-col gap-8">
      <PageTitle>{homeText.title}</PageTitle>
      <div>
        <h1 className="text-2xl font-semibold">{homeText.greeting(branding.name)}</h1>
        <p className="mt-1 text-sm text-muted-foreground">{homeText.intro}</p>
      </div>
      <FirstStep begin={begin} isAdmin={me.admin} />
      <Recent />
      <Links me={me} />
    </div>
  );
}

function Recent() {
  const { data, error, refetch } = useSessions("all");
  if (error && !data)
    return <Failed title={homeText.recentFailed} error={error} onRetry={() => void refetch()} />;
  if (!data?.length) return null;
  return (
    <section aria-labelledby="recent">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2 id="recent" className="font-semibold">
          {homeText.recent}
        </h2>
        <Link to="/sessions" className="rounded text-sm text-primary underline">
          {homeText.all}
        </Link>
      </div>
      <ul className="divide-y overflow-hidden rounded-xl border bg-card">
        {data.slice(0, MOST_RECENT).map((session) => (
          <li key={session.id}>
            <RecentSession session={session} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RecentSession({ session }: { session: Session }) {
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId: session.id }}
      className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-3 -outline-offset-2 hover:bg-muted/50"
    >
      <span className="min-w-0 max-w-full truncate text-sm font-medium">
        {sessionTitle(session)}
      </span>
      <span className="text-xs text-muted-foreground">
        <Moment at={session.updated} />
      </span>
    </Link>
  );
}
