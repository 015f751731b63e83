/** Lists of sessions of the server in memory, and what a search finds in them. */
import type { StoredItem as Item } from "../api/conversations";
import type { Session } from "../api/sessions";
import { json, page } from "./answers";

export function found(
  sessions: Session[],
  items: ReadonlyMap<string, Item[]>,
  query: URLSearchParams,
): Response {
  if (query.has("q")) return searched(sessions, items, query);
  const project = query.get("project");
  const wanted = project === "none" ? null : project;
  const isIn = (session: Session) => project === null || session.project_id === wanted;
  return page(sessions.filter(isIn), query);
}

/** Two places make a page, so that a search goes on. */
function searched(
  sessions: Session[],
  items: ReadonlyMap<string, Item[]>,
  query: URLSearchParams,
): Response {
  const words = String(query.get("q")).toLowerCase();
  const said = (item: Item) => String(item.parts[0]?.text ?? "");
  const hits = sessions.flatMap(({ id, name }) => [
    ...(name.toLowerCase().includes(words) ? [{ id, item_id: null, snippet: name }] : []),
    ...(items.get(id) ?? [])
      .filter((item) => said(item).toLowerCase().includes(words))
      .map((item) => ({ id, item_id: item.id, snippet: said(item) })),
  ]);
  const from = Number(query.get("cursor") || 0);
  const shown = hits.slice(from, from + 2);
  return json({
    items: sessions.filter(({ id }) => shown.some((hit) => hit.id === id)),
    next_cursor: from + 2 < hits.length ? String(from + 2) : "",
    hits: shown.map(({ id, ...hit }) => ({ ...hit, session_id: id })),
  });
}
