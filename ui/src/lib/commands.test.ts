import { expect, test } from "vitest";
import { type Command, matchingCommands } from "./commands";

const command = (name: string, words = ""): Command => ({
  id: name,
  name,
  words,
  group: "Pages",
  run: () => {},
});
const ALL = [
  command("Usage", "costs"),
  command("API tokens", "keys"),
  command("New session", "chat"),
];
const found = (typed: string) => matchingCommands(ALL, typed).map(({ name }) => name);

test("a command is found by how its words begin, or by another word for it", () => {
  expect(found("tok")).toEqual(["API tokens"]);
  expect(found("new ses")).toEqual(["New session"]);
  expect(found("chat")).toEqual(["New session"]);
  expect(found("age")).toEqual([]);
});

test("without words there are all, and those whose name says it come first", () => {
  expect(found(" ")).toHaveLength(3);
  const both = [command("Keyboard help", "usage"), command("Usage")];
  expect(matchingCommands(both, "usage").map(({ name }) => name)).toEqual([
    "Usage",
    "Keyboard help",
  ]);
});
