/** A turn while it runs: its events, in their order, become the items of its answer. */
import type { WireEvent, WireItem, WirePart, WireResponse } from "../api/responses";

export interface Running {
  /** Empty until the server has named it. */
  responseId: string;
  model: string;
  /** The item that the answer follows. */
  parentId: string | null;
  items: readonly WireItem[];
  /** The last event that counts; -1 before the first. */
  lastSequence: number;
  /** Events that came before their turn, after a connection was taken up again. */
  ahead: readonly WireEvent[];
  connection: "connecting" | "open" | "lost";
  isStopping: boolean;
  /** What the turn was in the end; then nothing more is taken. */
  ended: WireResponse | null;
}

const ENDS = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "response.cancelled",
]);

export const isOpen = (response: WireResponse) =>
  response.status === "queued" || response.status === "in_progress";

export function begun(parentId: string | null, model: string, responseId = ""): Running {
  return {
    responseId,
    model,
    parentId,
    items: [],
    lastSequence: -1,
    ahead: [],
    connection: "connecting",
    isStopping: false,
    ended: null,
  };
}

/** Takes an event: one that came already is dropped, one that came too soon waits for its turn. */
export function took(running: Running, event: WireEvent): Running {
  if (running.ended) return running;
  const sequence = event.sequence_number ?? running.lastSequence + 1;
  if (sequence <= running.lastSequence) return running;
  if (sequence > running.lastSequence + 1 && !ENDS.has(event.type))
    return { ...running, ahead: [...running.ahead, event] };
  const next = { ...applied(running, event), lastSequence: sequence, connection: "open" as const };
  return next.ahead.length ? caughtUp(next) : next;
}

function caughtUp(running: Running): Running {
  const next = running.ahead.find((event) => event.sequence_number === running.lastSequence + 1);
  if (!next) return running;
  return took({ ...running, ahead: running.ahead.filter((event) => event !== next) }, next);
}

function applied(running: Running, event: WireEvent): Running {
  if (event.response) return withResponse(running, event, event.response);
  if (event.type === "error") return { ...running, ended: brokenBy(running, event) };
  if (event.item) return { ...running, items: placed(running.items, event, event.item) };
  return { ...running, items: changed(running.items, event) };
}

function withResponse(running: Running, event: WireEvent, response: WireResponse): Running {
  const { id, model = running.model } = response;
  const named = { ...running, responseId: id, model };
  return ENDS.has(event.type) ? { ...named, ended: response } : named;
}

function brokenBy(running: Running, { code, message }: WireEvent): WireResponse {
  const error = { code: code ?? "", message: message ?? "" };
  return { id: running.responseId, model: running.model, status: "failed", error };
}

/** Puts an item where it was announced, or at the end. */
function placed(items: readonly WireItem[], event: WireEvent, item: WireItem): WireItem[] {
  const status = event.type === "response.output_item.added" ? "in_progress" : "completed";
  const given = { status, ...item };
  const at = items.findIndex((one) => one.id === item.id);
  return at < 0 ? [...items, given] : items.with(at, given);
}

function changed(items: readonly WireItem[], event: WireEvent): readonly WireItem[] {
  const change = CHANGES[event.type];
  const at = items.findIndex((one) => one.id === event.item_id);
  const item = items[at];
  if (!change || !item) return items;
  return items.with(at, change(item, event));
}

type Change = (item: WireItem, event: WireEvent) => WireItem;

const added = (field: "content" | "summary", word: "text" | "refusal"): Change => {
  return (item, event) =>
    withPart(item, field, event, (part) => ({
      ...part,
      [word]: (part[word] ?? "") + (event.delta ?? ""),
    }));
};

const whole = (field: "content" | "summary", word: "text" | "refusal"): Change => {
  return (item, event) =>
    withPart(item, field, event, (part) => ({ ...part, [word]: event[word] ?? part[word] ?? "" }));
};

const given = (field: "content" | "summary"): Change => {
  return (item, event) => withPart(item, field, event, (part) => event.part ?? part);
};

const as = (status: string): Change => {
  return (item) => ({ ...item, status });
};

const CHANGES: Record<string, Change> = {
  "response.content_part.added": given("content"),
  "response.content_part.done": given("content"),
  "response.output_text.delta": added("content", "text"),
  "response.output_text.done": whole("content", "text"),
  "response.output_text.annotation.added": annotated,
  "response.refusal.delta": added("content", "refusal"),
  "response.refusal.done": whole("content", "refusal"),
  "response.reasoning_text.delta": added("content", "text"),
  "response.reasoning_text.done": whole("content", "text"),
  "response.reasoning_summary_part.added": given("summary"),
  "response.reasoning_summary_part.done": given("summary"),
  "response.reasoning_summary_text.delta": added("summary", "text"),
  "response.reasoning_summary_text.done": whole("summary", "text"),
  "response.function_call_arguments.delta": withArguments,
  "response.function_call_arguments.done": withAllArguments,
  "response.mcp_call_arguments.delta": withArguments,
  "response.mcp_call_arguments.done": withAllArguments,
  "response.mcp_call.in_progress": as("in_progress"),
  "response.mcp_call.completed": as("completed"),
  "response.mcp_call.failed": as("failed"),
  "response.file_search_call.in_progress": as("in_progress"),
  "response.file_search_call.searching": as("searching"),
  "response.file_search_call.completed": as("completed"),
  "response.image_generation_call.in_progress": as("in_progress"),
  "response.image_generation_call.generating": as("generating"),
  "response.image_generation_call.completed": as("completed"),
};

function withArguments(item: WireItem, event: WireEvent): WireItem {
  return { ...item, arguments: (item.arguments ?? "") + (event.delta ?? "") };
}

function withAllArguments(item: WireItem, event: WireEvent): WireItem {
  return { ...item, arguments: event.arguments ?? item.arguments };
}

function annotated(item: WireItem, event: WireEvent): WireItem {
  const { annotation } = event;
  if (!annotation) return item;
  return withPart(item, "content", event, (part) => ({
    ...part,
    annotations: [...(part.annotations ?? []), annotation],
  }));
}

const TYPES = { content: "output_text", summary: "summary_text" };

function withPart(
  item: WireItem,
  field: "content" | "summary",
  event: WireEvent,
  change: (part: WirePart) => WirePart,
): WireItem {
  const parts = [...(item[field] ?? [])];
  const at = (field === "content" ? event.content_index : event.summary_index) ?? 0;
  while (parts.length <= at) parts.push({ type: TYPES[field], text: "" });
  parts[at] = change(parts[at] ?? { type: TYPES[field] });
  return { ...item, [field]: parts };
}
