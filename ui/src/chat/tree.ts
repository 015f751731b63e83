/** The tree of a session's items, and the one path through it that is shown. */
import type { Entry } from "./entries";

export type Choices = Readonly<Record<string, string>>;
type Children = ReadonlyMap<string, readonly Entry[]>;

const ROOT = "";
const known = new WeakMap<ReadonlyMap<string, Entry>, Children>();

/** Who follows whom. An item whose parent isn't there (yet) stands at the root. */
export function childrenOf(entries: ReadonlyMap<string, Entry>): Children {
  let children = known.get(entries);
  if (!children) {
    children = grouped(entries);
    known.set(entries, children);
  }
  return children;
}

function grouped(entries: ReadonlyMap<string, Entry>): Children {
  const children = new Map<string, Entry[]>();
  const inOrder = [...entries.values()].sort((a, b) => a.sequence - b.sequence);
  for (const entry of inOrder) {
    const key = parentOf(entries, entry);
    const siblings = children.get(key);
    if (siblings) siblings.push(entry);
    else children.set(key, [entry]);
  }
  return children;
}

export const parentOf = (entries: ReadonlyMap<string, Entry>, { parentId }: Entry) =>
  parentId !== null && entries.has(parentId) ? parentId : ROOT;

/** From the root to the end: everywhere the chosen branch, or the newest one. */
export function pathOf(entries: ReadonlyMap<string, Entry>, choices: Choices): Entry[] {
  const children = childrenOf(entries);
  const path: Entry[] = [];
  const met = new Set<string>();
  for (let at = ROOT; ; ) {
    const next = chosen(children.get(at) ?? [], choices[at]);
    if (!next || met.has(next.id)) return path;
    met.add(next.id);
    path.push(next);
    at = next.id;
  }
}

function chosen(siblings: readonly Entry[], choice: string | undefined): Entry | undefined {
  const there = siblings.find(({ id }) => id === choice);
  return there ?? siblings.findLast(({ removed }) => !removed) ?? siblings.at(-1);
}

/** Those between which a reader can switch at this place, in the order they were said. */
export function siblingsOf(entries: ReadonlyMap<string, Entry>, entry: Entry): string[] {
  const all = childrenOf(entries).get(parentOf(entries, entry)) ?? [];
  return all.filter(({ id, removed }) => !removed || id === entry.id).map(({ id }) => id);
}

/** What was chosen, with the way to this entry chosen as well. */
export function choosing(
  entries: ReadonlyMap<string, Entry>,
  choices: Choices,
  entryId: string,
): Choices {
  const next = { ...choices };
  for (let entry = entries.get(entryId); entry; ) {
    const parent = parentOf(entries, entry);
    if (next[parent] === entry.id) break;
    next[parent] = entry.id;
    entry = entries.get(parent);
  }
  return next;
}
