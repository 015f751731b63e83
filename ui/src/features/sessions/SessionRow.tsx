/** One session in the list. */
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Session } from "../../api/sessions";
import { text } from "../../lib/strings";
import { Moment } from "../../ui/Moment";
import type { Ask } from "./SessionDialogs";
import { SessionMenu } from "./SessionMenu";
import { titleOf } from "./title";

interface Props {
  session: Session;
  /** The first row of a page that was just added: reading goes on here. */
  takesFocus: boolean;
  onAsk: Ask;
}

export function SessionRow({ session, takesFocus, onAsk }: Props) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (takesFocus) link.current?.focus();
  }, [takesFocus]);

  const showsBeginning = session.name && session.first_message;
  return (
    <li className="flex items-center gap-2 pr-2 hover:bg-muted/50">
      <Link
        ref={link}
        to="/sessions/$sessionId"
        params={{ sessionId: session.id }}
        className="min-w-0 flex-1 px-4 py-3 -outline-offset-2"
      >
        <span className="block truncate font-medium">{titleOf(session)}</span>
        {showsBeginning && (
          <span className="block truncate text-sm text-muted-foreground">
            {session.first_message}
          </span>
        )}
        <span className="block text-xs text-muted-foreground">
          <Moment at={session.updated} /> · {text.sessions.items(session.item_count)}
        </span>
      </Link>
      <SessionMenu session={session} onAsk={onAsk} />
    </li>
  );
}
