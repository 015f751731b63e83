/** One session in a list: short beside other pages, with more about it on its own. */
import { Link } from "@tanstack/react-router";
import type { DragEvent } from "react";
import type { Session } from "../../api/sessions";
import { sessionTitle } from "../../lib/sessionTitle";
import { historyText } from "../../lib/words/history";
import { Moment } from "../../ui/Moment";
import { carry } from "./carrying";
import { SessionMenu } from "./SessionMenu";
import type { AskSession } from "./useSessionQuestions";

export type ListLook = "side" | "page";

interface Props {
  session: Session;
  look: ListLook;
  /** Whether Tab stops here; the arrow keys lead to the other rows. */
  isStop: boolean;
  onFocus: () => void;
  onAsk: AskSession;
  onDelete: (session: Session) => void;
}

const BOX = {
  side: "group flex items-center rounded-lg hover:bg-muted has-data-[status=active]:bg-muted",
  page: "flex items-center gap-2 border-b bg-card pr-2 hover:bg-muted/50",
};
const LINK = {
  side: "min-w-0 flex-1 rounded-lg px-3 py-1.5 text-sm data-[status=active]:font-semibold",
  page: "min-w-0 flex-1 px-4 py-3 -outline-offset-2",
};
// Shown when one comes near; where nothing can come near, always.
const MENU = {
  side: "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100",
  page: "",
};

export function SessionRow({ session, look, isStop, onFocus, onAsk, onDelete }: Props) {
  const title = sessionTitle(session);
  const tabIndex = isStop ? 0 : -1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that focus is within
    <div className={BOX[look]} onFocus={onFocus}>
      <Link
        data-row={session.id}
        to="/sessions/$sessionId"
        params={{ sessionId: session.id }}
        tabIndex={tabIndex}
        draggable
        onDragStart={(event: DragEvent) => carry(event, session)}
        className={LINK[look]}
      >
        <span className={look === "page" ? "block truncate font-medium" : "block truncate"}>
          {title}
        </span>
        {look === "page" && <More session={session} />}
      </Link>
      <span className={MENU[look]}>
        <SessionMenu
          session={session}
          label={(look === "page" ? historyText.actions : historyText.more)(title)}
          tabIndex={tabIndex}
          onAsk={onAsk}
          onDelete={onDelete}
        />
      </span>
    </div>
  );
}

function More({ session }: { session: Session }) {
  return (
    <>
      {session.name && session.first_message && (
        <span className="block truncate text-sm text-muted-foreground">
          {session.first_message}
        </span>
      )}
      <span className="block text-xs text-muted-foreground">
        <Moment at={session.updated} /> · {historyText.items(session.item_count)}
      </span>
    </>
  );
}
