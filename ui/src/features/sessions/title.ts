/** What a session is called when it has no name of its own. */
import type { Session } from "../../api/sessions";
import { text } from "../../lib/strings";

const LONGEST = 80;

export function titleOf(session: Session): string {
  const begins = session.first_message.replace(/\s+/g, " ").trim();
  const short = begins.length > LONGEST ? `${begins.slice(0, LONGEST)}…` : begins;
  return session.name || short || text.sessions.untitled;
}
