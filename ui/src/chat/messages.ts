/** From the tree and the running turn to what stands on the page, message by message. */
import type { Entry } from "./entries";
import type { Facts } from "./facts";
import { type Part, partsOf, type ToolState } from "./parts";
import type { Running } from "./running";
import type { ChatState } from "./state";
import { pathOf, siblingsOf } from "./tree";

export interface Message {
  /** Stays the same while an answer grows. */
  id: string;
  role: "user" | "assistant" | "system";
  parts: readonly Part[];
  entryIds: readonly string[];
  /** What it follows, for saying it another way. */
  parentId: string | null;
  responseId: string | null;
  /** The branches at this place; its own first item among them. */
  branches: readonly string[];
  created: string;
  state: "connecting" | "running" | "stopping" | "lost" | "done" | "unfinished";
  facts: Facts | null;
}

const SPEAKERS: Record<string, Message["role"]> = {
  user: "user",
  system: "system",
  developer: "system",
};
const UNFINISHED = new Set(["incomplete", "failed", "cancelled"]);

/** An answer to a question about a tool isn't said by anybody: it belongs to the answer it allows. */
function roleOf({ item }: Entry): Message["role"] {
  if (item.type !== "message") return "assistant";
  return SPEAKERS[item.role ?? ""] ?? "assistant";
}

/** Makes a reader of states that gives the same messages again where nothing changed. */
export function messageReader() {
  let last: { given: unknown[]; messages: Message[] } = { given: [], messages: [] };
  return (state: ChatState): readonly Message[] => {
    const { entries, choices, facts, decisions, running } = state;
    const end = running ? running.parentId : undefined;
    const given = [entries, choices, facts, decisions, end];
    if (given.some((one, at) => one !== last.given[at]) || last.given.length === 0)
      last = { given, messages: settledMessages(state, end) };
    return running ? withRunning(last.messages, running) : last.messages;
  };
}

/** `end` is the item behind which a turn goes on; what had followed it isn't shown meanwhile. */
function settledMessages(state: ChatState, end: string | null | undefined): Message[] {
  const path = pathOf(state.entries, state.choices);
  const at = path.findIndex(({ id }) => id === end);
  const shown = end === null ? [] : path.slice(0, at < 0 ? path.length : at + 1);
  const states = toolStates(state, shown);
  const messages = groupsOf(shown).flatMap((group) => messageOf(state, group, states));
  // A turn's facts stand at its answer; where it has none, at what was asked last.
  return messages.map((message, place) => {
    const isAsked = message.role === "user" && place < messages.length - 1;
    return isAsked ? { ...message, facts: null } : message;
  });
}

/** What one speaker said in a row; what a person says is a message each time. */
function groupsOf(path: Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const entry of path) {
    const last = groups.at(-1);
    const isAnswering = last?.[0] && roleOf(last[0]) === "assistant";
    if (isAnswering && roleOf(entry) === "assistant") last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

type ToolStates = ReadonlyMap<string, ToolState>;

/** What was decided about tools: by what waits to be sent, and above that by what was kept. */
function toolStates({ decisions }: ChatState, path: Entry[]): ToolStates {
  const waiting = Object.entries(decisions).map(([id, decision]) => [id, decision !== "deny"]);
  const kept = path
    .filter(({ item }) => item.type === "mcp_approval_response")
    .map(({ item }) => [item.approval_request_id, item.approve]);
  const named = [...waiting, ...kept].map(([id, isAllowed]) => {
    return [String(id), isAllowed ? "approved" : "denied"] as const;
  });
  return new Map(named);
}

function messageOf(state: ChatState, group: Entry[], states: ToolStates): Message[] {
  const shown = group.filter(({ removed }) => !removed);
  const [first] = shown;
  const last = shown.at(-1);
  if (!first || !last) return [];
  const facts = shown.map(({ responseId }) => state.facts[responseId ?? ""]).findLast(Boolean);
  return [
    {
      id: first.id,
      role: roleOf(first),
      parts: shown.flatMap(({ item }) => partsOf(item)).map((part) => decided(part, states)),
      entryIds: shown.map(({ id }) => id),
      parentId: first.parentId,
      responseId: last.responseId,
      branches: siblingsOf(state.entries, first),
      created: first.created,
      state: UNFINISHED.has(last.item.status ?? "") ? "unfinished" : "done",
      facts: facts ?? null,
    },
  ];
}

function decided(part: Part, states: ToolStates): Part {
  const state = states.get(part.id);
  return state && part.kind === "tool" && part.state === "asking" ? { ...part, state } : part;
}

/** An answer that waited for a permission grows; any other stands below what was asked. */
function withRunning(messages: readonly Message[], running: Running): readonly Message[] {
  const last = messages.at(-1);
  const grown = last?.role === "assistant" ? last : begunAnswer(running);
  const answer: Message = {
    ...grown,
    parts: [...grown.parts, ...running.items.flatMap(partsOf)],
    entryIds: [...grown.entryIds, ...running.items.map(({ id }) => id)],
    responseId: running.responseId || null,
    state: stateOf(running),
    facts: null,
  };
  return grown === last ? [...messages.slice(0, -1), answer] : [...messages, answer];
}

function begunAnswer({ items, parentId }: Running): Message {
  return {
    id: items[0]?.id ?? "answer",
    role: "assistant",
    parts: [],
    entryIds: [],
    parentId,
    responseId: null,
    branches: [],
    created: "",
    state: "connecting",
    facts: null,
  };
}

function stateOf({ isStopping, connection, items }: Running): Message["state"] {
  if (isStopping) return "stopping";
  if (connection === "lost") return "lost";
  return items.length === 0 ? "connecting" : "running";
}

/** Which questions about tools an answer still waits for. */
export const openQuestions = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => (part.kind === "tool" && part.state === "asking" ? [part.id] : []));
