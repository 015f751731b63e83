import { expect, test } from "vitest";
import type { WireEvent, WireItem } from "../api/responses";
import { partsOf } from "./parts";
import { begun, type Running, took } from "./running";

const item = (id: string, given: Partial<WireItem> = {}): WireItem => ({
  id,
  type: "message",
  role: "assistant",
  status: "in_progress",
  content: [],
  ...given,
});
const delta = (id: string, words: string): WireEvent => ({
  type: "response.output_text.delta",
  item_id: id,
  content_index: 0,
  delta: words,
});
const BEGIN: WireEvent[] = [
  { type: "response.created", response: { id: "r", status: "in_progress", model: "small" } },
  { type: "response.output_item.added", item: item("a") },
];
const numbered = (events: WireEvent[]): WireEvent[] =>
  events.map((event, at) => ({ ...event, sequence_number: at }));
const played = (events: WireEvent[], from: Running = begun(null, "")) => events.reduce(took, from);
const words = (running: Running, at = 0) => running.items[at]?.content?.[0]?.text;

test("words become an answer in the order they come", () => {
  const running = played(numbered([...BEGIN, delta("a", "Hel"), delta("a", "lo")]));
  expect(running).toMatchObject({ responseId: "r", model: "small", lastSequence: 3 });
  expect(words(running)).toBe("Hello");
});

test("what came already counts once, as after a connection that was taken up again", () => {
  const events = numbered([...BEGIN, delta("a", "one "), delta("a", "two "), delta("a", "three")]);
  const twice = [...events.slice(0, 4), ...events.slice(1)];
  expect(words(played(twice))).toBe("one two three");
});

test("what comes too soon waits for what is missing", () => {
  const [a, b, c, d, e] = numbered([...BEGIN, delta("a", "1"), delta("a", "2"), delta("a", "3")]);
  const mixed = [a, b, e, d] as WireEvent[];
  expect(words(played(mixed))).toBeUndefined();
  expect(words(played([...mixed, c as WireEvent]))).toBe("123");
});

test("two items that come at once don't mix", () => {
  const running = played(
    numbered([
      ...BEGIN,
      { type: "response.output_item.added", item: item("b") },
      delta("a", "left "),
      delta("b", "right "),
      delta("a", "side"),
      delta("b", "hand"),
    ]),
  );
  expect([words(running, 0), words(running, 1)]).toEqual(["left side", "right hand"]);
});

test("letters that were cut in two by a delta are whole in the end", () => {
  const [high = "", low = ""] = "🦊".split("");
  expect(words(played(numbered([...BEGIN, delta("a", high), delta("a", low)])))).toBe("🦊");
});

test("ten thousand deltas are one answer, and cheap", () => {
  const many = Array.from({ length: 10_000 }, (_, at) => delta("a", `${at} `));
  const running = played(numbered([...BEGIN, ...many]));
  expect(words(running)?.length).toBe(48_890);
  expect(running.lastSequence).toBe(10_001);
});

test("what no reader knows changes nothing but the place to go on", () => {
  const before = played(numbered(BEGIN));
  const after = took(before, { type: "response.something.new", sequence_number: 2, item_id: "a" });
  expect(after.items).toEqual(before.items);
  expect(after.lastSequence).toBe(2);
});

test("reasoning is shown apart, by its text or by its summary", () => {
  const thought = item("t", { type: "reasoning", role: undefined, content: undefined });
  const running = played(
    numbered([
      { type: "response.output_item.added", item: thought },
      { type: "response.reasoning_summary_text.delta", item_id: "t", summary_index: 0, delta: "A" },
      { type: "response.reasoning_summary_text.delta", item_id: "t", summary_index: 1, delta: "B" },
    ]),
  );
  expect(running.items.flatMap(partsOf)).toMatchObject([{ kind: "reasoning", text: "A\n\nB" }]);
});

test("a tool call shows its arguments as they come, then what came of it", () => {
  const call = item("c", { type: "mcp_call", server_label: "files", name: "read", arguments: "" });
  const begin: WireEvent[] = [
    { type: "response.output_item.added", item: call },
    { type: "response.mcp_call_arguments.delta", item_id: "c", delta: '{"path":' },
    { type: "response.mcp_call_arguments.delta", item_id: "c", delta: '"a"}' },
  ];
  const asked = played(numbered(begin));
  expect(asked.items.flatMap(partsOf)).toMatchObject([
    { kind: "tool", server: "files", name: "read", arguments: '{"path":"a"}', state: "running" },
  ]);
  const done = { ...call, status: "completed", arguments: '{"path":"a"}', output: "words" };
  const over = took(asked, { type: "response.output_item.done", item: done, sequence_number: 3 });
  expect(over.items.flatMap(partsOf)).toMatchObject([{ state: "done", result: "words" }]);
});

test.each([
  ["response.completed", "completed"],
  ["response.incomplete", "incomplete"],
  ["response.failed", "failed"],
  ["response.cancelled", "cancelled"],
])("%s ends it, and nothing counts behind it", (type, status) => {
  const end: WireEvent = { type, response: { id: "r", status, output: [item("a")] } };
  const running = played(numbered([...BEGIN, end, delta("a", "late")]));
  expect(running.ended).toMatchObject({ status });
  expect(words(running)).toBeUndefined();
});

test("an end is believed even where something before it was missed", () => {
  const end: WireEvent = { type: "response.completed", response: { id: "r" }, sequence_number: 9 };
  expect(played([...numbered(BEGIN), end]).ended).toEqual({ id: "r" });
});

test("an error in the stream is a turn that failed, with what the server said", () => {
  const error: WireEvent = { type: "error", code: "server_error", message: "The model is away." };
  expect(played(numbered([...BEGIN, error])).ended).toMatchObject({
    status: "failed",
    error: { code: "server_error", message: "The model is away." },
  });
});

test("words for an item that nobody announced are not lost on the rest", () => {
  const running = played(numbered([...BEGIN, delta("nobody", "?"), delta("a", "yes")]));
  expect(running.items).toHaveLength(1);
  expect(words(running)).toBe("yes");
});
