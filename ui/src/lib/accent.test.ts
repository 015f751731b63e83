import { expect, test } from "vitest";
import { accentColours, contrast } from "./accent";

const colours = (css = "") =>
  [...css.matchAll(/#(..)(..)(..)/g)].map(
    ([, ...parts]) => parts.map((part) => Number.parseInt(part, 16)) as [number, number, number],
  );

test.each([
  "#ffff00",
  "#0b57d0",
  "#000000",
  "#ffffff",
  "#808080",
  "#c2185b",
])("letters in and on %s can be read in both themes", (accent) => {
  const roles = accentColours(accent);
  const [light, dark] = colours(roles["--primary"]);
  const [onLight, onDark] = colours(roles["--primary-foreground"]);
  if (!light || !dark || !onLight || !onDark) throw new Error("a colour is missing");
  expect(contrast(light, [247, 247, 245])).toBeGreaterThan(4.5);
  expect(contrast(dark, [18, 20, 22])).toBeGreaterThan(4.5);
  expect(contrast(light, onLight)).toBeGreaterThan(4.5);
  expect(contrast(dark, onDark)).toBeGreaterThan(4.5);
});

test("a colour that can be read as it is stays as it is", () => {
  expect(accentColours("#0b57d0")["--primary"]).toContain("light-dark(#0b57d0");
});

test.each([
  "",
  "red",
  "#fff",
  "#12345",
  "url(x)",
  "#zzzzzz",
])("%s is no colour of ours", (accent) => {
  expect(accentColours(accent)).toEqual({});
});
