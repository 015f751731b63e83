import { expect, test } from "vitest";
import { changes, withChanges } from "./diff";

test("what differs is named by its path", () => {
  const before = { a: { b: 1, c: [1] }, d: "x" };
  const after = { a: { b: 2, c: [1] }, e: "y" };
  expect(changes(before, after)).toEqual([
    { path: ["a", "b"], before: 1, after: 2 },
    { path: ["d"], before: "x", after: undefined },
    { path: ["e"], before: undefined, after: "y" },
  ]);
});

test("what is new as a whole is told part by part", () => {
  expect(changes(null, { a: 1, b: { c: 2 } }).map(({ path }) => path.join("."))).toEqual([
    "a",
    "b.c",
  ]);
});

test("equal documents have no changes", () => {
  expect(changes({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual([]);
  expect(changes(null, undefined)).toEqual([{ path: [], before: null, after: undefined }]);
});

test("changes are put on top of what others changed meanwhile", () => {
  const base = { a: { b: 1, c: 1 }, d: 1 };
  const mine = changes(base, { a: { b: 2, c: 1 }, d: 1 });
  expect(withChanges({ a: { b: 1, c: 9 }, d: 9 }, mine)).toEqual({ a: { b: 2, c: 9 }, d: 9 });
});
