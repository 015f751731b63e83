import { expect, test } from "vitest";
import type { StoredItem } from "../api/conversations";
import type { WireItem, WireResponse } from "../api/responses";
import { answersOf } from "./approvals";
import { entriesOf } from "./entries";
import { messageReader } from "./messages";
import { type Action, type ChatState, leafOf, NOTHING, reduce } from "./state";

let sequence = 0;
const stored = (id: string, given: Partial<StoredItem> = {}): StoredItem => ({
  id,
  type: "message",
  role: "user",
  parts: [{ type: "input_text", text: `Text of ${id}` }],
  status: "completed",
  sequence: ++sequence,
  created: "2026-01-01T00:00:00Z",
  removed: false,
  parent_id: null,
  response_id: null,
  ...given,
});
const answer = (id: string, parent_id: string, response_id = `r-${id}`) =>
  stored(id, { role: "assistant", parent_id, response_id });
const question = (id: string, parent_id: string | null) =>
  stored(id, { parent_id, response_id: `r-of-${id}` });

const load = (items: StoredItem[]): Action => ({
  type: "loaded",
  entries: entriesOf(items),
  isWhole: true,
});
const played = (...actions: Action[]): ChatState => actions.reduce(reduce, NOTHING);
const ids = (state: ChatState) =>
  messageReader()(state).map((message) => message.entryIds.join("+"));
const wire = (id: string, given: Partial<WireItem> = {}): WireItem => ({
  id,
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text: `Text of ${id}` }],
  ...given,
});
const completed = (id: string, output: WireItem[]): WireResponse => ({
  id,
  status: "completed",
  output,
});

test("items without parents, as other programs add them, follow each other", () => {
  const state = played(load([stored("a"), stored("b", { role: "assistant" }), stored("c")]));
  expect(ids(state)).toEqual(["a", "b", "c"]);
});

test("what one answer is made of is one message", () => {
  const call = { type: "mcp_call", role: null, parts: [{ name: "look" }] };
  const state = played(
    load([question("q", null), { ...answer("t", "q", "r"), ...call }, answer("a", "t", "r")]),
  );
  expect(ids(state)).toEqual(["q", "t+a"]);
});

test("the newest branch is shown, and another one when it is chosen, with what follows it", () => {
  const items = [
    question("q", null),
    answer("one", "q"),
    question("next", "one"),
    answer("end", "next"),
    answer("two", "q"),
  ];
  const state = played(load(items));
  expect(ids(state)).toEqual(["q", "two"]);
  expect(messageReader()(state)[1]?.branches).toEqual(["one", "two"]);
  const other = reduce(state, { type: "chosen", entryId: "one" });
  expect(ids(other)).toEqual(["q", "one", "next", "end"]);
  expect(leafOf(other)?.id).toBe("end");
});

test("a first message that was edited is another root", () => {
  const state = played(load([question("q1", null), answer("a1", "q1"), question("q2", null)]));
  expect(ids(state)).toEqual(["q2"]);
  expect(ids(reduce(state, { type: "chosen", entryId: "q1" }))).toEqual(["q1", "a1"]);
});

test("what was removed is out of sight, and what followed it isn't", () => {
  const state = played(load([question("q", null), answer("a", "q"), question("n", "a")]));
  const gone = reduce(state, { type: "marked", entryIds: ["a"], removed: true });
  expect(ids(gone)).toEqual(["q", "n"]);
  expect(ids(reduce(gone, { type: "marked", entryIds: ["a"], removed: false }))).toHaveLength(3);
});

test("earlier pages come later and stand above", () => {
  const items = [question("q", null), answer("a", "q"), question("n", "a"), answer("b", "n")];
  const late = played(load(items.slice(2)));
  expect(ids(late)).toEqual(["n", "b"]);
  expect(ids(reduce(late, load(items.slice(0, 2))))).toEqual(["q", "a", "n", "b"]);
});

test("a question is shown at once, its answer while it comes, and both once when they are kept", () => {
  const asked: Action = {
    type: "asked",
    entries: entriesOf([question("q", null)]),
    parentId: "q",
    model: "small",
  };
  const waiting = played(asked);
  expect(messageReader()(waiting).map(({ state }) => state)).toEqual(["done", "connecting"]);
  const item = wire("a");
  const state = played(asked, {
    type: "came",
    events: [{ type: "response.output_item.added", item }],
  });
  expect(messageReader()(state)[1]).toMatchObject({ id: "a", state: "running" });
  const over = reduce(state, { type: "ended", response: completed("r", [item]) });
  expect(ids(over)).toEqual(["q", "a"]);
  expect(ids(reduce(over, load([question("q", null), answer("a", "q", "r")])))).toEqual(["q", "a"]);
});

test("an answer that was stopped keeps what had come", () => {
  const state = played(
    { type: "asked", entries: entriesOf([question("q", null)]), parentId: "q", model: "" },
    { type: "came", events: [{ type: "response.output_item.added", item: wire("a") }] },
    { type: "ended", response: { id: "r", status: "cancelled" } },
  );
  expect(messageReader()(state)[1]).toMatchObject({
    state: "unfinished",
    facts: { status: "cancelled" },
  });
});

test("a turn that didn't begin leaves the question where it is", () => {
  const state = played(
    { type: "asked", entries: entriesOf([question("q", null)]), parentId: "q", model: "" },
    { type: "refused", problem: new Error("no") as never },
  );
  expect(ids(state)).toEqual(["q"]);
  expect(state.running).toBeNull();
});

test("asking anew hides what followed before, until the answer stands beside it", () => {
  const settled = played(load([question("q", null), answer("one", "q")]));
  const asked = reduce(settled, { type: "asked", entries: [], parentId: "q", model: "" });
  expect(ids(asked)).toEqual(["q", ""]);
  const over = reduce(asked, { type: "ended", response: completed("r", [wire("two")]) });
  expect(messageReader()(over)[1]?.branches).toEqual(["one", "two"]);
});

test("while an answer grows all other messages stay the very same", () => {
  const read = messageReader();
  const before = played(
    load([question("q", null), answer("a", "q"), question("n", "a")]),
    { type: "asked", entries: [], parentId: "n", model: "" },
    { type: "came", events: [{ type: "response.output_item.added", item: wire("b") }] },
  );
  const delta = { type: "response.output_text.delta", item_id: "b", delta: "!" };
  const after = reduce(before, { type: "came", events: [delta] });
  const [first, second, third, growing] = read(before);
  const anew = read(after);
  expect(anew.slice(0, 3)).toEqual([first, second, third]);
  expect(anew[1]).toBe(second);
  expect(anew[3]).not.toBe(growing);
});

test("questions about tools are answered together, in the narrowest way that was given", () => {
  const request = (id: string) =>
    stored(id, {
      type: "mcp_approval_request",
      role: null,
      parts: [{ server_label: "files", name: `tool-${id}`, arguments: "{}" }],
      parent_id: id === "y" ? "x" : "q",
      response_id: "r",
    });
  const state = played(load([question("q", null), request("x"), request("y")]));
  const message = messageReader()(state)[1];
  if (!message) throw new Error("there is no answer");
  expect(message.parts).toMatchObject([{ state: "asking" }, { state: "asking" }]);
  expect(answersOf(message, { x: "always" })).toBeNull();
  const answers = answersOf(message, { x: "always", y: "once" });
  expect(answers?.approval).toBe("once");
  expect(answers?.input).toMatchObject([
    { approval_request_id: "x", approve: true },
    { approval_request_id: "y", approve: true },
  ]);
  const denied = reduce(state, { type: "decided", requestId: "x", decision: "deny" });
  expect(messageReader()(denied)[1]?.parts).toMatchObject([
    { state: "denied" },
    { state: "asking" },
  ]);
});
