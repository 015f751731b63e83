/** What a session is called when it has no name of its own. */
import { text } from "./strings";

const LONGEST = 80;

export function sessionTitle(session: { name: string; first_message: string }): string {
  const begins = session.first_message.replace(/\s+/g, " ").trim();
  const short = begins.length > LONGEST ? `${begins.slice(0, LONGEST)}…` : begins;
  return session.name || short || text.sessions.untitled;
}
