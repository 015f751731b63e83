/** From stored items to what a reader sees. Never throws, whatever an item lacks. */
import type { Item } from "../../api/items";
import { text } from "../../lib/strings";

/** Items that one speaker said in a row. */
export interface Turn {
  id: string;
  speaker: string;
  role: string;
  at: string;
  items: Item[];
}

export type Piece = { text: string } | { type: string; content: string };

export function turnsOf(items: Item[]): Turn[] {
  const turns: Turn[] = [];
  for (const item of items) {
    const role = roleOf(item);
    const last = turns.at(-1);
    if (last?.role === role) last.items.push(item);
    else turns.push({ id: item.id, role, speaker: nameOf(role), at: item.created, items: [item] });
  }
  return turns;
}

/** An item without a role is something that the assistant did: a tool call, a thought. */
const roleOf = (item: Item) => item.role || (item.type?.endsWith("_output") ? "tool" : "assistant");

const nameOf = (role: string) => text.session.roles[role] ?? text.session.unknownRole;

export function piecesOf(item: Item): Piece[] {
  return (item.parts ?? []).map((part) => {
    if (typeof part.text === "string") return { text: part.text };
    return { type: String(part.type ?? item.type), content: JSON.stringify(part, null, 2) };
  });
}
