/** From the fields of the search to what the server is asked. */
import type { Search } from "../../api/audit";

export const NO_SEARCH: Search = { actor: "", verb: "", kind: "", since: "", until: "" };

/** The fields hold times as the clock on the wall shows them; the server counts in UTC. */
export function asked(fields: Search): Search {
  return {
    ...fields,
    actor: fields.actor.trim(),
    since: inUtc(fields.since),
    until: inUtc(fields.until),
  };
}

function inUtc(local: string): string {
  const moment = new Date(local);
  return local && !Number.isNaN(moment.valueOf()) ? moment.toISOString() : "";
}
