/** What the session is called, how full the model's window is, and what can be done with it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Session } from "../../api/sessions";
import { sessionTitle } from "../../lib/sessionTitle";
import { chatText } from "../../lib/words/chat";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/icons";

interface Props {
  session: Session;
  gauge: ReactNode;
  actions: ReactNode;
}

export function ChatHeader({ session, gauge, actions }: Props) {
  const title = sessionTitle(session);
  return (
    <div className="sticky top-[calc(3.5rem+var(--banner))] z-10 -mx-4 flex items-center gap-1 border-b bg-background px-2 py-2 md:top-(--banner) md:-mx-8 md:px-4">
      <Link
        to="/sessions"
        aria-label={chatText.all}
        title={chatText.all}
        className={`${buttonClass("quiet")} min-w-9 px-2`}
      >
        <Icon name="back" />
      </Link>
      <h1 className="min-w-0 flex-1 truncate text-lg font-semibold" title={title}>
        {title}
      </h1>
      {gauge}
      {actions}
    </div>
  );
}
