import { expect, test } from "vitest";
import { saidOf } from "./said";

test("nothing is said by empty fields", () => {
  expect(saidOf({ tags: " , ", facts: "\n \n" })).toEqual({});
});

test("numbers, yes and no are what they are, and all else is a text", () => {
  const facts = [
    "year: 2024",
    "share: -0.5",
    "open: false",
    'number: "7"',
    "code: 007",
    "at: 12:30",
  ];
  expect(saidOf({ tags: "", facts: facts.join("\n") }).facts).toEqual({
    year: 2024,
    share: -0.5,
    open: false,
    number: "7",
    code: "007",
    at: "12:30",
  });
});

test("what is no fact is told", () => {
  expect(() => saidOf({ tags: "", facts: "2024" })).toThrow("“2024” is no fact");
  expect(() => saidOf({ tags: "", facts: "year:" })).toThrow("“year:” is no fact");
  expect(() => saidOf({ tags: "", facts: "1st: a" })).toThrow("“1st: a” is no fact");
});
