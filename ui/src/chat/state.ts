/** All that a session's page knows, and the one function by which it changes. */
import type { WireEvent, WireItem, WireResponse } from "../api/responses";
import { Problem } from "../lib/problem";
import { type Entry, NOT_KEPT_YET } from "./entries";
import { type Facts, factsOf } from "./facts";
import { begun, isOpen, type Running, took } from "./running";
import { type Choices, choosing, pathOf } from "./tree";

export type Decision = "once" | "session" | "always" | "deny";

export interface ChatState {
  entries: ReadonlyMap<string, Entry>;
  /** Whether all that was said earlier is here. */
  isWhole: boolean;
  choices: Choices;
  running: Running | null;
  /** By the turn's id. */
  facts: Readonly<Record<string, Facts>>;
  /** What was said about tools that wait for it, until all of one answer are decided. */
  decisions: Readonly<Record<string, Decision>>;
  /** Why the last turn didn't begin; asking again is safe. */
  refused: Problem | null;
}

export type Action =
  | { type: "loaded"; entries: Entry[]; isWhole: boolean }
  | { type: "asked"; entries: Entry[]; parentId: string | null; model: string }
  | { type: "watching"; response: WireResponse; parentId: string | null }
  | { type: "came"; events: WireEvent[] }
  | { type: "lost" }
  | { type: "refused"; problem: Problem }
  | { type: "excused" }
  | { type: "withdrawn" }
  | { type: "stopping" }
  | { type: "resumed" }
  | { type: "ended"; response: WireResponse }
  | { type: "learned"; response: WireResponse }
  | { type: "chosen"; entryId: string }
  | { type: "decided"; requestId: string; decision: Decision }
  | { type: "marked"; entryIds: readonly string[]; removed: boolean };

export const NOTHING: ChatState = {
  entries: new Map(),
  isWhole: false,
  choices: {},
  running: null,
  facts: {},
  decisions: {},
  refused: null,
};

export function reduce(state: ChatState, action: Action): ChatState {
  switch (action.type) {
    case "loaded":
      return loaded(state, action.entries, action.isWhole);
    case "asked":
      return asked(state, action.entries, begun(action.parentId, action.model));
    case "watching":
      return watching(state, action.response, action.parentId);
    case "came":
      return came(state, action.events);
    case "ended":
      return state.running ? settled(state, state.running, action.response) : state;
    default:
      return changed(state, action);
  }
}

function changed(state: ChatState, action: Action): ChatState {
  switch (action.type) {
    case "lost":
      return withRunning(state, { connection: "lost" });
    case "stopping":
      return withRunning(state, { isStopping: true });
    case "resumed":
      return withRunning(state, { isStopping: false });
    case "withdrawn":
      return { ...state, refused: null, entries: keptOnly(state.entries) };
    case "excused":
      return { ...state, refused: null };
    case "refused":
      return { ...state, running: null, refused: action.problem };
    case "learned":
      return withFacts(state, action.response);
    case "chosen":
      return { ...state, choices: choosing(state.entries, state.choices, action.entryId) };
    case "decided":
      return {
        ...state,
        decisions: { ...state.decisions, [action.requestId]: action.decision },
      };
    case "marked":
      return { ...state, entries: marked(state.entries, action.entryIds, action.removed) };
    default:
      return state;
  }
}

/** What was asked in vain makes place for what is asked instead. */
function keptOnly(entries: ChatState["entries"]): ChatState["entries"] {
  const isKept = ({ sequence, responseId }: Entry) => sequence !== NOT_KEPT_YET || responseId;
  return new Map([...entries].filter(([, entry]) => isKept(entry)));
}

/** What was kept is the truth: it replaces what this page had made up until then. */
function loaded(state: ChatState, given: Entry[], isWhole: boolean): ChatState {
  const entries = new Map(state.entries);
  for (const entry of given) entries.set(entry.id, entry);
  const isNews = given.some((entry) => state.entries.get(entry.id)?.sequence !== entry.sequence);
  const changes = given.some((entry) => state.entries.get(entry.id)?.removed !== entry.removed);
  return {
    ...state,
    entries: isNews || changes ? entries : state.entries,
    isWhole: state.isWhole || isWhole,
  };
}

function asked(state: ChatState, given: Entry[], running: Running): ChatState {
  const entries = new Map(state.entries);
  for (const entry of given) if (!entries.has(entry.id)) entries.set(entry.id, entry);
  const next = { ...state, entries, running, refused: null };
  const leaf = running.parentId;
  return leaf ? { ...next, choices: choosing(entries, state.choices, leaf) } : next;
}

function watching(state: ChatState, response: WireResponse, parentId: string | null): ChatState {
  const running = begun(parentId, response.model ?? "", response.id);
  return { ...state, running, refused: null };
}

function came(state: ChatState, events: WireEvent[]): ChatState {
  if (!state.running) return state;
  const running = events.reduce(took, state.running);
  return running.ended ? settled(state, running, running.ended) : { ...state, running };
}

/** The answer takes its place among what was said; the server's last word counts for its items. */
function settled(state: ChatState, running: Running, response: WireResponse): ChatState {
  const items = response.output?.length ? response.output : running.items.map(asUnfinished);
  const entries = named(state.entries, response.id);
  const created = new Date().toISOString();
  let parentId = running.parentId;
  for (const item of items) {
    const sequence = entries.get(item.id)?.sequence ?? NOT_KEPT_YET;
    const responseId = response.id;
    const entry = { id: item.id, parentId, responseId, item, created, removed: false, sequence };
    entries.set(item.id, entry);
    parentId = item.id;
  }
  const first = items[0];
  const choices = first ? choosing(entries, state.choices, first.id) : state.choices;
  const refused = unseenFailure(entries, response);
  return withFacts({ ...state, entries, choices, refused, running: null, decisions: {} }, response);
}

/** A failure that no message can tell of: an answer was asked for once more, and nothing came. */
function unseenFailure(entries: ChatState["entries"], { id, status, error }: WireResponse) {
  if (status !== "failed") return null;
  for (const { responseId } of entries.values()) if (responseId === id) return null;
  return new Problem(0, error?.message ?? "", "");
}

/** What was asked belongs to the turn that answered it, as the server keeps it. */
function named(entries: ChatState["entries"], responseId: string): Map<string, Entry> {
  const isAsked = (entry: Entry) => entry.sequence === NOT_KEPT_YET && !entry.responseId;
  return new Map(
    [...entries].map(([id, entry]) => [id, isAsked(entry) ? { ...entry, responseId } : entry]),
  );
}

const asUnfinished = (item: WireItem): WireItem =>
  item.status === "in_progress" ? { ...item, status: "incomplete" } : item;

function withFacts(state: ChatState, response: WireResponse): ChatState {
  if (!response.id || isOpen(response)) return state;
  return { ...state, facts: { ...state.facts, [response.id]: factsOf(response) } };
}

function withRunning(state: ChatState, change: Partial<Running>): ChatState {
  return state.running ? { ...state, running: { ...state.running, ...change } } : state;
}

function marked(entries: ReadonlyMap<string, Entry>, ids: readonly string[], removed: boolean) {
  const next = new Map(entries);
  for (const id of ids) {
    const entry = next.get(id);
    if (entry) next.set(id, { ...entry, removed });
  }
  return next;
}

/** The last item of what is shown: what is said next follows it. */
export const leafOf = (state: ChatState): Entry | undefined =>
  pathOf(state.entries, state.choices).at(-1);
