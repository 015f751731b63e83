import { expect, test } from "vitest";
import type { WireCitation } from "../api/responses";
import { citationsOf, sourcesOf, withLinks } from "./citations";

const cite = (number: number, index: number, given: Partial<WireCitation> = {}): WireCitation => ({
  type: "file_citation",
  file_id: `file_${number}`,
  filename: `${number}.txt`,
  number,
  index,
  ...given,
});
const read = (text: string, annotations: WireCitation[]) =>
  citationsOf({ type: "output_text", text, annotations });
const linked = (text: string, annotations: WireCitation[]) =>
  withLinks(text, read(text, annotations));

test("a marker becomes a link, and one that stands for nothing stays as it is", () => {
  expect(linked("Whales sing [1]. So they say [7].", [cite(1, 12)])).toBe(
    "Whales sing [1](#cited-1). So they say [7].",
  );
});

test("a marker for several becomes several links", () => {
  expect(linked("Whales [1, 3] sing.", [cite(1, 7), cite(3, 7)])).toBe(
    "Whales [1](#cited-1) [3](#cited-3) sing.",
  );
});

test("what has no marker is linked behind the sentence that is meant", () => {
  expect(linked("Whales sing.", [cite(1, 12)])).toBe("Whales sing. [1](#cited-1)");
});

test("a place is right also behind what the server counts otherwise", () => {
  expect(linked("🐳 sings [1].", [cite(1, 8)])).toBe("🐳 sings [1](#cited-1).");
});

test("each source is listed once, by its number; without one, by its file", () => {
  const citations = read("a b c", [cite(2, 1), cite(1, 3), cite(2, 5)]);
  expect(sourcesOf(citations).map(({ number }) => number)).toEqual([1, 2]);
  const foreign = read("a b", [
    { type: "file_citation", file_id: "x", filename: "x.txt", index: 1 },
    { type: "url_citation" },
  ]);
  expect(foreign.map(({ number, name }) => [number, name])).toEqual([[1, "x.txt"]]);
});

test("a text without annotations has no citations and stays the same", () => {
  expect(withLinks("Whales [1].", citationsOf({ type: "output_text", text: "Whales [1]." }))).toBe(
    "Whales [1].",
  );
});
