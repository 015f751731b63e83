/** What a session keeps, item by item, with each one's place in the tree of branches. */
import type { StoredItem } from "../api/conversations";
import type { WireItem, WirePart } from "../api/responses";

export interface Entry {
  id: string;
  /** What it follows; nothing at the root. */
  parentId: string | null;
  responseId: string | null;
  item: WireItem;
  created: string;
  removed: boolean;
  /** Its place among all that was kept; what isn't kept yet comes last. */
  sequence: number;
}

export const NOT_KEPT_YET = Number.MAX_SAFE_INTEGER;

/** Reads items in the order they were kept: one without a parent and a turn follows its neighbour. */
export function entriesOf(stored: StoredItem[], before: Entry | null = null): Entry[] {
  let previous = before;
  return stored.map((one) => {
    const isRoot = one.parent_id === null || one.parent_id === undefined;
    const neighbour = one.response_id ? null : (previous?.id ?? null);
    const entry = { ...entryOf(one), parentId: isRoot ? neighbour : (one.parent_id ?? null) };
    previous = entry;
    return entry;
  });
}

const entryOf = (stored: StoredItem): Omit<Entry, "parentId"> => ({
  id: stored.id,
  responseId: stored.response_id ?? null,
  item: itemOf(stored),
  created: stored.created,
  removed: stored.removed,
  sequence: stored.sequence,
});

/** A message's parts are its content; of anything else the only part is the item itself. */
function itemOf({ id, type = "message", role, status, parts }: StoredItem): WireItem {
  const given = (parts ?? []) as unknown as WirePart[];
  if (type === "message") return { id, type, status, role: role ?? "assistant", content: given };
  return { ...(given[0] as object), id, type, status };
}

/** What this page says before the server has kept it. */
export function madeUp(input: WireItem[], parentId: string | null): Entry[] {
  let parent = parentId;
  return input.map((item) => {
    const created = new Date().toISOString();
    const place = { parentId: parent, responseId: null, removed: false, sequence: NOT_KEPT_YET };
    parent = item.id;
    return { id: item.id, item, created, ...place };
  });
}

/** The item that was kept last. */
export function newestOf(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  let newest: Entry | undefined;
  for (const entry of entries.values())
    if (!newest || entry.sequence >= newest.sequence) newest = entry;
  return newest;
}
