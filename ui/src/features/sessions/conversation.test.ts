import { expect, test } from "vitest";
import type { Item } from "../../api/items";
import { piecesOf, turnsOf } from "./conversation";

const item = (given: Partial<Item>): Item => ({
  id: "i",
  parts: [],
  sequence: 1,
  created: "2026-01-01T00:00:00Z",
  ...given,
});

test("what one speaker says in a row is one turn", () => {
  const turns = turnsOf([
    item({ id: "1", role: "user" }),
    item({ id: "2", role: "user" }),
    item({ id: "3", role: "assistant" }),
  ]);
  expect(turns.map((turn) => [turn.speaker, turn.items.length])).toEqual([
    ["You", 2],
    ["Assistant", 1],
  ]);
});

test("what has no role is the assistant's doing, or a tool's answer", () => {
  const turns = turnsOf([
    item({ id: "1", type: "function_call", role: null }),
    item({ id: "2", type: "function_call_output", role: null }),
  ]);
  expect(turns.map((turn) => turn.speaker)).toEqual(["Assistant", "Tool"]);
});

test("text is text, and any other content is named and kept whole", () => {
  const parts = [{ type: "output_text", text: "Hi" }, { type: "input_image", file_id: "f1" }, {}];
  const pieces = piecesOf(item({ type: "message", parts }));
  expect(pieces[0]).toEqual({ text: "Hi" });
  expect(pieces[1]).toMatchObject({ type: "input_image" });
  expect(pieces[2]).toMatchObject({ type: "message" });
});

test("an item that lacks everything is still shown", () => {
  const bare = { id: "1" } as Item;
  expect(turnsOf([bare])).toHaveLength(1);
  expect(piecesOf(bare)).toEqual([]);
});
