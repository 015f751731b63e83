import { expect, test } from "vitest";
import { readConfig } from "./config";
import { freshId } from "./freshId";
import { joinPages } from "./pages";
import { asProblem, asSentence, problemFrom } from "./problem";
import { fileName } from "./save";

test("a row that moved between two pages appears once", () => {
  const pages = [{ items: [{ id: "a" }, { id: "b" }] }, { items: [{ id: "b" }, { id: "c" }] }];
  expect(joinPages(pages).map((row) => row.id)).toEqual(["a", "b", "c"]);
});

test("our errors keep their words, others get ours", () => {
  const ours = problemFrom(409, { error: { message: "Changed.", next_step: "Reload." } });
  expect([ours.message, ours.nextStep]).toEqual(["Changed.", "Reload."]);
  for (const body of [null, undefined, "<html>", { detail: [] }, { error: "text" }])
    expect(problemFrom(500, body).message).toContain("doesn't understand");
  expect(asProblem(new Error("secret detail")).message).not.toContain("secret");
});

test("what a server says in passing becomes a sentence, and names in it stay as they are", () => {
  const said = [
    ["there is no model none", "There is no model none."],
    ["it can't be reached; try again", "It can't be reached; try again."],
    ["`lisa models list` shows the ids", "`lisa models list` shows the ids."],
    ["file_data is not base64", "file_data is not base64."],
    ["input: says nothing", "input: says nothing."],
    ["Done already!", "Done already!"],
    ["", ""],
  ];
  for (const [spoken, written] of said) expect(asSentence(String(spoken))).toBe(written);
});

test("a file is named after what it holds, in any script", () => {
  expect(fileName("Plan: A/B?", "md")).toBe("Plan-A-B.md");
  expect(fileName("日本語", "json")).toBe("日本語.json");
  expect(fileName("../..", "md")).toBe("session.md");
});

test("a configuration may leave things out", () => {
  expect(readConfig({ routing: "else" })).toEqual(readConfig(null));
  expect(readConfig({ apiBase: "/prod/api" }).apiBase).toBe("/prod/api");
  const here = new URL("https://x.example/stage/ui/config.json");
  expect(readConfig({ apiBase: ".." }, here).apiBase).toBe("/stage");
});

test("fresh ids differ and suit the server's pattern", () => {
  const ids = Array.from({ length: 100 }, () => freshId("msg_"));
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/);
});
