import { expect, test } from "vitest";
import { mergePages, nextAddress } from "./export";

const HERE = "https://lisa.example/api/sessions/a/export?format=json";

test("the next page is where the link says", () => {
  expect(nextAddress('</api/more?cursor=2>; rel="next"', HERE)).toBe(
    "https://lisa.example/api/more?cursor=2",
  );
});

test("without such a link there is no next page", () => {
  expect(nextAddress(null, HERE)).toBeNull();
  expect(nextAddress('</api/first>; rel="prev"', HERE)).toBeNull();
});

test("a link to another server is refused", () => {
  expect(() => nextAddress('<https://evil.example/x>; rel="next"', HERE)).toThrow();
});

test("pages become one document that nothing follows", () => {
  const pages = [
    { session: { id: "a" }, items: [1, 2], next_cursor: "2" },
    { session: { id: "a" }, items: [3], next_cursor: "" },
  ];
  expect(mergePages(pages)).toEqual({ session: { id: "a" }, items: [1, 2, 3], next_cursor: "" });
});
